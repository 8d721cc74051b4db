import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendBlob } from '../../assets/serve.ts';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { renderError } from './errors.ts';
import { fileIdOf, filePath, NAME } from './links.ts';

/** A deleted file must be gone at once, and no file lives longer than some minutes, so caching is pointless. */
const CACHE_CONTROL = 'no-store';

/**
 * The bytes of results: a plain GET without a key, by a link that cannot be guessed, as long as the file is kept (contract section 5).
 * After that always 404.
 */
export function fileRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: '/delivery/*',
    config: { skytellsPlace: 'file' },
    handler: async (request, reply) => {
      const path = `/delivery/${request.params['*']}`;
      const id = fileIdOf(path);
      const asset = id === undefined ? undefined : await core.store.asset(id);
      const found =
        asset !== undefined &&
        asset.dialect === NAME &&
        asset.expiresAt > core.now() &&
        // Only the exact path is accepted.
        filePath(asset) === path &&
        (await sendBlob(request, reply, {
          blobs: core.blobs,
          blob: asset.blob,
          asset,
          cacheControl: CACHE_CONTROL,
          onUnsatisfiable: () => sendUnsatisfiable(request, reply),
        }));
      if (!found) throw new GenlockError('not_found', 'There is no such file, or no longer.');
      return reply;
    },
  });
}

/** An error envelope with the status for ranges (RFC 9110, section 15.5.17). */
function sendUnsatisfiable(request: FastifyRequest, reply: FastifyReply): void {
  const error = new GenlockError('invalid_parameter', 'The range lies outside the file.', { param: 'Range' });
  const { headers, body } = renderError(error, request.id, { place: 'list' });
  const { error: told, ...envelope } = JSON.parse(body);
  reply
    .code(416)
    .headers(headers)
    .send(JSON.stringify({ ...envelope, error: { ...told, http_status: 416 } }));
}
