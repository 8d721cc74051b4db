import type { Dice } from './dice.ts';
import type { Operation } from './documents.ts';

/** Who asks. */
export interface Asker {
  /** `own`, `poor`, `nobody`, …, for findings. */
  readonly who: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Whether this key opens anything in the API that is asked. */
  readonly known: boolean;
}

/** How the bytes get to the server. */
export type Manner =
  | 'whole'
  /** Head and body in pieces, with waits between them. */
  | 'slow'
  /** Only the beginning, then hung up. */
  | 'cut'
  /** Bytes that are no request, or more than one: on a connection of their own. */
  | 'alone';

/** A request while it is being made up. Text is Latin-1: one character is one byte. */
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
  /** Method, path and host are those of the operation, so that the answer has to be its answer. */
  intact: boolean;
  /** Takes the place of everything else: what is sent `alone`. */
  raw?: Buffer;
}

const BODY_PIECES = 4;

/** The text as the bytes of its UTF-8. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A server may refuse more than this before it knows what is asked. */
const MAX_HEAD = 15_000;
const FRAMING = /^(?:content-length|transfer-encoding|upgrade)$/i;

/** Whether a server that reads the head cannot know, or must not believe, where the request ends or what it asks for. */
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

/** What is written, piece by piece. */
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

/** Changes one thing of a draft. */
export type Mutation = (dice: Dice, draft: Draft) => void;
