import { type DialectName, GenerationError } from '../error.ts';
import { delayAfter } from '../fetch/back-off.ts';
import { sleep } from '../sleep.ts';
import { toHex } from '../webhooks/hmac.ts';
import type { CallOptions } from './options.ts';
import { readPieces } from './read-pieces.ts';
import type { Call, Transport } from './transport.ts';

/** What is known of a file before it is downloaded. */
export interface FileClaim {
  readonly bytes?: number | null | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | null | undefined;
}

export interface DownloadOptions extends CallOptions {
  /** A larger file is refused; default 512 MiB. */
  readonly maxBytes?: number | undefined;
}

const MAX_BYTES = 512 * 1024 * 1024;
/** A file is fetched again if its connection broke. */
const ATTEMPTS = 3;

/**
 * Downloads a file and checks its announced length and hash.
 *
 * @throws GenerationError `upstream_invalid_result` if the bytes differ from what was announced, `media_too_large` above `maxBytes`
 */
export async function download<D extends DialectName>(
  transport: Transport<D>,
  call: Call,
  claim: FileClaim,
  maxBytes = MAX_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const bytes = await transport.read(call, (response) => readBounded(transport, response, maxBytes));
      await check(transport, bytes, claim);
      return bytes;
    } catch (thrown) {
      call.signal?.throwIfAborted();
      // An error answer has already been retried by the transport.
      const broken =
        GenerationError.isInstance(thrown) && thrown.status === null && thrown.retry === 'backoff';
      if (!broken || attempt >= ATTEMPTS) throw thrown;
      const pauseMs = delayAfter(attempt, null, undefined, Math.random) ?? 0;
      await sleep(pauseMs, call.signal ?? new AbortController().signal);
    }
  }
}

async function readBounded<D extends DialectName>(
  transport: Transport<D>,
  { body, headers }: Response,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => failure(transport, 'media_too_large', `the file is larger than ${maxBytes} bytes`);
  if (Number(headers.get('content-length')) > maxBytes) {
    body?.cancel().catch(() => undefined);
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const piece of readPieces(body)) {
    size += piece.byteLength;
    if (size > maxBytes) throw tooLarge();
    chunks.push(piece);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

async function check<D extends DialectName>(
  transport: Transport<D>,
  bytes: Uint8Array<ArrayBuffer>,
  { bytes: size, sha256 }: FileClaim,
): Promise<void> {
  if (typeof size === 'number' && size !== bytes.byteLength)
    throw failure(transport, 'upstream_invalid_result', `the file has ${bytes.byteLength} of ${size} bytes`);
  if (typeof sha256 !== 'string') return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (toHex(digest) !== sha256)
    throw failure(transport, 'upstream_invalid_result', 'the file is not the one that was told of');
}

function failure<D extends DialectName>(
  { dialect }: Transport<D>,
  code: 'media_too_large' | 'upstream_invalid_result',
  words: string,
): GenerationError<D> {
  return new GenerationError<D>({ code, dialect: dialect.name, message: `${dialect.name}: ${words}.` });
}
