/** An answer as somebody saved or pasted it. */
export interface SavedAnswer {
  /** Undefined where only a body was kept. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What `JSON.parse` made of it, else the text. */
  readonly body: unknown;
}

const HEAD = /^HTTP\/[\d.]+ (\d{3})[^\n]*\n((?:[^\n]+\n)*)\n/;
/** Of a header, as far as an error is read from it. */
const HEADER = /^([\w-]+):[ \t]*(.*)$/gm;

/** Reads a body, or a whole answer as `curl -i` prints it; of several heads (redirects, 100 Continue) the last one counts. */
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
