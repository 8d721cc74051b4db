import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendBlob } from '../../assets/serve.ts';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import { renderProblem } from '../../http/problem.ts';
import { sendJson } from '../../http/send.ts';
import { assetObject } from './asset-object.ts';
import { findAsset } from './visible.ts';

/** A file never changes under its id. */
const CACHE_CONTROL = 'private, max-age=3600, immutable';

interface WithId {
  Params: { id: string };
}

/** Files, produced or uploaded: facts and bytes. */
export function assetRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<WithId>({
    method: ['GET', 'HEAD'],
    url: '/assets/:id',
    handler: async (request, reply) => {
      const asset = await findAsset(core, callerOf(request), request.params.id);
      if (asset === undefined) throw noSuchFile();
      return sendJson(reply, 200, assetObject(core, asset));
    },
  });

  scope.route<WithId>({
    method: ['GET', 'HEAD'],
    url: '/assets/:id/content',
    handler: async (request, reply) => {
      const asset = await findAsset(core, callerOf(request), request.params.id);
      const sent =
        asset !== undefined &&
        (await sendBlob(request, reply, {
          blobs: core.blobs,
          blob: asset.blob,
          asset,
          cacheControl: CACHE_CONTROL,
          onUnsatisfiable: () => sendUnsatisfiable(request, reply),
        }));
      if (!sent) throw noSuchFile();
      return reply;
    },
  });
}

/** A problem document with the status for ranges (RFC 9110, section 15.5.17). */
function sendUnsatisfiable(request: FastifyRequest, reply: FastifyReply): void {
  const error = new GenlockError('invalid_parameter', 'The range lies outside the file.', { param: 'Range' });
  const { headers, body } = renderProblem(error, request.id);
  reply
    .code(416)
    .headers(headers)
    .send(JSON.stringify({ ...JSON.parse(body), status: 416 }));
}

function noSuchFile(): GenlockError {
  return new GenlockError('not_found', 'There is no such file.');
}
