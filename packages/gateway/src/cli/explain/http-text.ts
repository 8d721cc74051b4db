/** An answer that somebody saved or pasted. */
export interface SavedAnswer {
  /** Undefined if only a body was saved. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, or else the text. */
  readonly body: unknown;
}

const HEAD = /^HTTP\/[\d.]+ (\d{3})[^\n]*\n((?:[^\n]+\n)*)\n/;
/** A header line. Header values are only read as far as errors need them. */
const HEADER = /^([\w-]+):[ \t]*(.*)$/gm;

/** Parses a body, or a whole answer as `curl -i` prints it. If there are several heads (redirects, 100 Continue), the last one counts. */
export function readAnswer(text: string): SavedAnswer {
  let rest = text.replaceAll('\r\n', '\n').trimStart();
  let status: number | undefined;
  let headers: Record<string, string> = {};
  for (let head = HEAD.exec(rest); head !== null; head = HEAD.exec(rest)) {
    status = Number(head[1]);
    headers = Object.fromEntries(
      [...(head[2] ?? '').matchAll(HEADER)].map(([, name = '', value = '']) => [name, value]),
    );
    rest = rest.slice(head[0].length);
  }
  return { ...(status !== undefined && { status }), headers, body: parseOrText(rest.trim()) };
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
