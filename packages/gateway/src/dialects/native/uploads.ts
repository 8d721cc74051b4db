import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { storeUpload } from '../../gateway/files/upload.ts';
import { callerOf } from '../../http/caller.ts';
import { sendJson } from '../../http/send.ts';
import { readUpload, UPLOAD_TYPES } from '../../http/upload-body.ts';
import { assetObject } from './asset-object.ts';
import { NAME, pathOf } from './links.ts';

/** Uploads of source files: a part called `file`, or the bytes themselves. Their type is found by decoding them. */
export async function uploadRoutes(scope: FastifyInstance, core: Core): Promise<void> {
  await scope.register(multipart);
  // Left as a stream, so that reading can stop when it is too large.
  scope.addContentTypeParser(UPLOAD_TYPES, (_request, payload, done) => done(null, payload));

  scope.post('/uploads', async (request, reply) => {
    const bytes = await readUpload(request, core.config().dialects[NAME]?.upload.maxBytes ?? 0);
    const asset = await storeUpload(core, {
      caller: callerOf(request),
      dialect: NAME,
      idPrefix: 'upl_',
      bytes,
      accepts: ['image', 'audio', 'video'],
    });
    reply.header('location', pathOf(core, `/assets/${asset.id}`));
    return sendJson(reply, 201, assetObject(core, asset));
  });
}
