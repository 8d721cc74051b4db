import type { FastifyInstance } from 'fastify';
import { sendBlob } from '../../assets/serve.ts';
import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Core } from '../../gateway/core.ts';
import { linkHolds, NAME } from './links.ts';
import { sendError } from './send.ts';

const INDEX = /^(?:0|[1-9]\d?)$/;
const LONGEST_CACHED_S = 3600;

interface Link {
  Params: { id: string; index: string };
  Querystring: JsonObject;
}

/**
 * The files, for anyone with a valid link (contract section 7). A link that was changed, has expired or names nothing is answered with 404:
 * a 401 would blame a key that nobody asked for.
 */
export function downloadRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<Link>({
    method: ['GET', 'HEAD'],
    url: '/downloads/:id/:index',
    handler: async (request, reply) => {
      const { id, index } = request.params;
      const holds = INDEX.test(index) && linkHolds(core, `${id}/${index}`, request.query);
      const assets = holds ? await core.store.assetsOf(id) : [];
      const asset = assets.find((one) => one.dialect === NAME && one.index === Number(index));
      const left = (asset?.expiresAt ?? 0) - core.now();
      const found =
        asset !== undefined &&
        left > 0 &&
        (await sendBlob(request, reply, {
          blobs: core.blobs,
          blob: asset.blob,
          asset,
          cacheControl: `private, max-age=${Math.min(LONGEST_CACHED_S, Math.floor(left / 1000))}`,
          onUnsatisfiable: () => sendError(core, request, reply, unsatisfiable()),
        }));
      if (!found) throw new GenlockError('not_found', 'There is no such file.');
      return reply;
    },
  });
}

/** Section 9.2 has no status 416, so a range outside the file is reported as an unsupported value. */
function unsatisfiable(): GenlockError {
  return new GenlockError('invalid_parameter', 'The range lies outside the file.', { param: 'Range' });
}
