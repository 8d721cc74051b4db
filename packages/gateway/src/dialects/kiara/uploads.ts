import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { storeUpload } from '../../gateway/files/upload.ts';
import { callerOf } from '../../http/caller.ts';
import { readUpload } from '../../http/upload-body.ts';
import { isoTime } from './generation-object.ts';
import { NAME, publicBase, uploadUrl } from './links.ts';
import { sendJson } from './send.ts';

const IMAGES = /^image\//i;

/** Input images (contract section 9): a part called `file`, or the bytes themselves as `image/*`. */
export async function uploadRoutes(scope: FastifyInstance, core: Core): Promise<void> {
  await scope.register(multipart);
  // Left as a stream, so that reading can stop when it is too large.
  scope.addContentTypeParser(IMAGES, (_request, payload, done) => done(null, payload));

  scope.post('/uploads', async (request, reply) => {
    const caller = callerOf(request);
    const bytes = await readUpload(request, core.config().dialects[NAME]?.upload.maxBytes ?? 0, IMAGES);
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
