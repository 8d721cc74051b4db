import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { storeUpload } from '../../gateway/upload.ts';
import { callerOf } from '../../http/caller.ts';
import { isoTime } from './generation-object.ts';
import { NAME, publicBase, uploadUrl } from './links.ts';
import { sendJson } from './send.ts';

/** Parts beside the file are ignored, but only so many of them are read. */
const MAX_PARTS = 16;

/** Input images (contract section 9): one part called `file`, or the bytes themselves as `image/*`. */
export async function uploadRoutes(scope: FastifyInstance, core: Core): Promise<void> {
  await scope.register(multipart);
  // The stream itself, so that counting can stop early.
  scope.addContentTypeParser(/^image\//i, (_request, payload, done) => done(null, payload));

  scope.post('/uploads', async (request, reply) => {
    const caller = callerOf(request);
    const bytes = await readFile(request, core.config().dialects[NAME]?.upload.maxBytes ?? 0);
    const asset = await storeUpload(core, {
      caller,
      dialect: NAME,
      idPrefix: 'upl_',
      bytes,
      accepts: 'image',
    });
    const url = uploadUrl(publicBase(core), asset.id);
    reply.header('location', new URL(url).pathname);
    return sendJson(reply, 201, {
      id: asset.id,
      object: 'upload',
      url,
      content_type: asset.contentType,
      bytes: asset.bytes,
      width: asset.width,
      height: asset.height,
      created_at: isoTime(asset.createdAt),
      expires_at: isoTime(asset.expiresAt),
    });
  });
}

async function readFile(request: FastifyRequest, maxBytes: number): Promise<Uint8Array> {
  try {
    if (request.isMultipart()) return await filePart(request, maxBytes);
    if (/^image\//i.test(request.headers['content-type'] ?? ''))
      return await readCapped(request.body as Readable, maxBytes);
  } catch (thrown) {
    // What the client still sends is read away, or it would not get to see the answer.
    request.raw.resume();
    throw thrown;
  }
  throw new GenlockError('malformed_request', 'Send the image as multipart/form-data or as image/*.');
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
  // Left whole when the loop stops early: destroying it would cut the connection under the answer.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(): GenlockError {
  return new GenlockError('media_too_large', 'The file is larger than allowed.', { param: 'file' });
}
