import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../domain/error.ts';

/** Media types that may come as the body itself. Multipart bodies are accepted as well. */
export const UPLOAD_TYPES = /^(?:image|audio|video)\//i;

/** Parts beside the file are ignored, but only this many of them are read. */
const MAX_PARTS = 16;

/**
 * The bytes of an upload: the part `file` of a multipart body, or the whole body, which a parser for `types` has left as a stream.
 *
 * @throws GenlockError `media_too_large`, `parameter_missing`, `malformed_request`
 */
export async function readUpload(
  request: FastifyRequest,
  maxBytes: number,
  types: RegExp = UPLOAD_TYPES,
): Promise<Uint8Array> {
  try {
    if (request.isMultipart()) return await filePart(request, maxBytes);
    if (types.test(request.headers['content-type'] ?? ''))
      return await readCapped(request.body as Readable, maxBytes);
  } catch (thrown) {
    discardBody(request);
    throw thrown;
  }
  throw new GenlockError('malformed_request', 'Send the file as multipart/form-data or with its media type.');
}

/**
 * Reads and discards what the client still sends. Otherwise the client would not see this answer, nor the answer to its next request on the
 * connection. The parser is unpiped because, once nobody reads from it, it would hold back the rest.
 */
export function discardBody({ raw }: FastifyRequest): void {
  raw.unpipe();
  raw.resume();
}

async function filePart(request: FastifyRequest, maxBytes: number): Promise<Uint8Array> {
  let found: Uint8Array | undefined;
  try {
    for await (const part of request.parts({
      limits: { fileSize: maxBytes, files: MAX_PARTS, parts: MAX_PARTS },
    })) {
      if (part.type !== 'file') continue;
      if (part.fieldname === 'file' && found === undefined) found = await part.toBuffer();
      else part.file.resume();
    }
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'FST_REQ_FILE_TOO_LARGE') throw tooLarge();
    throw new GenlockError('malformed_request', 'The multipart body could not be read.', { cause });
  }
  if (found === undefined)
    throw new GenlockError('parameter_missing', 'The body has no part called file.', { param: 'file' });
  return found;
}

async function readCapped(stream: Readable, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The stream is left intact if the loop stops early: destroying it would close the connection before the answer is sent.
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof GenlockError) throw cause;
    throw new GenlockError('malformed_request', 'The body broke off.', { cause });
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(): GenlockError {
  return new GenlockError('media_too_large', 'The file is larger than allowed.', { param: 'file' });
}
