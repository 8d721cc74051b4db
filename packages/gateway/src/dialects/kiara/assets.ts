import type { FastifyInstance } from 'fastify';
import { sendBlob } from '../../assets/serve.ts';
import { GenlockError } from '../../domain/error.ts';
import { isOwn } from '../../gateway/accounts/own.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import { NAME } from './links.ts';
import { sendError } from './send.ts';

/** Long enough for one use of the file, and only in the caller's own cache (contract section 8). */
const CACHE_CONTROL = 'private, max-age=3600';

/**
 * The bytes of results and uploads (contract sections 8 and 9), only with the key and never by a public link. A file of another account or
 * mode, or an expired one, counts as not found.
 */
export function assetRoutes(scope: FastifyInstance, core: Core): void {
  for (const { url, uploaded } of [
    { url: '/assets/:id/content', uploaded: false },
    { url: '/uploads/:id/content', uploaded: true },
  ]) {
    scope.route<{ Params: { id: string } }>({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) => {
        const caller = callerOf(request);
        const asset = await core.store.asset(request.params.id);
        const found =
          isOwn(caller, asset) &&
          asset.dialect === NAME &&
          (asset.generationId === null) === uploaded &&
          asset.expiresAt > core.now() &&
          (await sendBlob(request, reply, {
            blobs: core.blobs,
            blob: asset.blob,
            asset,
            cacheControl: CACHE_CONTROL,
            onUnsatisfiable: () => sendError(core, request, reply, unsatisfiable()),
          }));
        if (!found) throw new GenlockError('not_found', 'There is no such file.');
        return reply;
      },
    });
  }
}

/** The catalogue has no 416, so a range outside the file is reported as a validation error. */
function unsatisfiable(): GenlockError {
  return new GenlockError('invalid_parameter', 'The range lies outside the file.', { param: 'Range' });
}
