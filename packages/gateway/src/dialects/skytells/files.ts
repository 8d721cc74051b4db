import type { FastifyInstance } from 'fastify';
import { sendBlob } from '../../assets/serve.ts';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { fileIdOf, filePath, NAME } from './links.ts';

/** A deleted file is gone at once, and no file lives longer than some minutes: nothing is worth keeping elsewhere. */
const CACHE_CONTROL = 'no-store';

/**
 * The bytes of results: a plain GET without a key, by a link that nobody can guess, for as long as files live (contract section 5). After
 * that, 404 for ever.
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
        // One spelling only.
        filePath(asset) === path &&
        (await sendBlob(request, reply, {
          blobs: core.blobs,
          blob: asset.blob,
          asset,
          cacheControl: CACHE_CONTROL,
        }));
      if (!found) throw new GenlockError('not_found', 'There is no such file, or no longer.');
      return reply;
    },
  });
}
