/** An answer as it came over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  /** What is wrong with its form. */
  readonly faults: readonly string[];
}

interface Head extends Omit<Reply, 'body'> {
  readonly length: number;
}

const HEAD_END = '\r\n\r\n';
const HEADER = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;

export function headerOf({ headers }: Pick<Reply, 'headers'>, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

/** Parses HTTP/1.1 answers strictly: a client library would correct or hide exactly the faults that are looked for here. */
export class ReplyReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** Bytes that belong to no complete answer. */
  get rest(): number {
    return this.#bytes.length;
  }

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  /**
   * The next complete answer; undefined if more of it has to arrive.
   *
   * @param bodyless the request was a HEAD
   * @param ended the connection is closed, which ends an answer without a length
   */
  take(bodyless: boolean, ended = false): Reply | undefined {
    for (;;) {
      const head = readHead(this.#bytes);
      if (head === undefined) return undefined;
      if (head.status >= 100 && head.status < 200 && head.status !== 101) {
        this.#bytes = this.#bytes.subarray(head.length);
        continue;
      }
      const body = this.#body(head, bodyless, ended);
      if (body === undefined) return undefined;
      this.#bytes = this.#bytes.subarray(head.length + body.length);
      const { status, headers } = head;
      return { status, headers, body: body.bytes, faults: [...head.faults, ...body.faults] };
    }
  }

  #body(head: Head, bodyless: boolean, ended: boolean): Body | undefined {
    const bytes = this.#bytes.subarray(head.length);
    if (bodyless || head.status === 204 || head.status === 304 || head.status === 101) return NO_BODY;
    if (headerOf(head, 'transfer-encoding') !== undefined) return readChunks(bytes);
    const length = headerOf(head, 'content-length');
    if (length === undefined)
      return ended ? { bytes, length: bytes.length, faults: ['an answer without a length'] } : undefined;
    if (!/^\d+$/.test(length)) return { ...NO_BODY, faults: [`content-length: ${length}`] };
    const size = Number(length);
    if (bytes.length >= size) return { bytes: bytes.subarray(0, size), length: size, faults: [] };
    return ended ? { bytes, length: bytes.length, faults: ['an answer that was cut off'] } : undefined;
  }
}

interface Body {
  readonly bytes: Buffer;
  /** Its length on the wire. */
  readonly length: number;
  readonly faults: readonly string[];
}

const NO_BODY: Body = { bytes: Buffer.alloc(0), length: 0, faults: [] };

function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const faults: string[] = [];
  const headers = lines.map((line): readonly [string, string] => {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined || value === undefined) faults.push(`a header that is none: ${line.slice(0, 80)}`);
    return [name ?? '', value ?? ''];
  });
  const names = headers.map(([name]) => name.toLowerCase());
  if (names.filter((name) => name === 'content-length').length > 1) faults.push('two lengths');
  if (names.includes('content-length') && names.includes('transfer-encoding'))
    faults.push('a length and chunks');
  const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first)?.[1] ?? 0);
  if (status === 0) faults.push(`a status line that is none: ${first.slice(0, 80)}`);
  return { status, headers, faults, length: end + HEAD_END.length };
}

function readChunks(bytes: Buffer): Body | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    if (end === -1) return undefined;
    const text = bytes.toString('latin1', at, end);
    if (!/^[\da-f]+$/i.test(text))
      return { ...NO_BODY, faults: [`a chunk that is none: ${text.slice(0, 40)}`] };
    const size = Number.parseInt(text, 16);
    const next = end + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { bytes: Buffer.concat(chunks), length: next, faults: [] };
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = next;
  }
}
