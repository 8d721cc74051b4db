import type { Dice } from './dice.ts';
import type { Operation } from './documents.ts';

/** The caller of a request. */
export interface Asker {
  /** A name for findings: `own`, `poor`, `nobody`, …. */
  readonly who: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Whether this key is valid in the API that is called. */
  readonly known: boolean;
}

/** How the bytes are sent to the server. */
export type Manner =
  | 'whole'
  /** Head and body in pieces, with pauses in between. */
  | 'slow'
  /** Only the beginning; then the connection is closed. */
  | 'cut'
  /** Bytes that are not a request, or more than one, on a separate connection. */
  | 'alone';

/** A request while it is being composed. Text is Latin-1: one character is one byte. */
export interface Draft {
  readonly operation: Operation;
  readonly asker: Asker;
  method: string;
  path: string;
  /** With its `?`, or empty. */
  query: string;
  headers: (readonly [string, string])[];
  body: Buffer | undefined;
  chunked: boolean;
  manner: Manner;
  /** Method, path and host are still those of the operation, so the answer must be one of its answers. */
  intact: boolean;
  /** Replaces everything else: the bytes that are sent `alone`. */
  raw?: Buffer;
}

const BODY_PIECES = 4;

/** Text whose Latin-1 bytes are the UTF-8 bytes of the given text. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A server may refuse a longer head before it knows what is asked. */
const MAX_HEAD = 15_000;
const FRAMING = /^(?:content-length|transfer-encoding|upgrade)$/i;

/** Whether a server that reads the head cannot know, or must not trust, where the request ends or what it asks for. */
export function breaksHttp({ method, path, query, headers }: Draft): boolean {
  const text = `${method}${path}${query}${headers.flat().join('')}`;
  const length = text.length + 4 * headers.length;
  const control = [...text].some((char) => (char < ' ' && char !== '\t') || char === '\x7f');
  return length > MAX_HEAD || control || headers.some(([name]) => FRAMING.test(name));
}

export function headBytes({ method, path, query, headers, body, chunked }: Draft, host: string): Buffer {
  const has = (name: string): boolean => headers.some(([one]) => one.toLowerCase() === name);
  const lines = [
    `${method} ${path}${query} HTTP/1.1`,
    ...(has('host') ? [] : [`Host: ${host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined || has('content-length') || has('transfer-encoding')
      ? []
      : [chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** The bytes to write, piece by piece. */
export function piecesOf(draft: Draft, host: string): readonly Buffer[] {
  if (draft.raw !== undefined) return [draft.raw];
  const head = headBytes(draft, host);
  const { body } = draft;
  if (body === undefined || body.length === 0)
    return [draft.chunked && body ? join(head, '0\r\n\r\n') : head];
  const size = draft.manner === 'slow' ? Math.ceil(body.length / BODY_PIECES) : body.length;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) parts.push(body.subarray(at, at + size));
  const pieces = draft.chunked
    ? [...parts.map((part) => join(part.length.toString(16), '\r\n', part, '\r\n')), Buffer.from('0\r\n\r\n')]
    : parts;
  return draft.manner === 'slow' ? [head, ...pieces] : [Buffer.concat([head, ...pieces])];
}

function join(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

/** Changes one thing in a draft. */
export type Mutation = (dice: Dice, draft: Draft) => void;
