import type { SkillsVideoFamily } from '@genlock/contracts';
import type { FastifyInstance } from 'fastify';
import { sendBlob } from '../../assets/serve.ts';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { fileName, isSealOf, NAME } from './links.ts';
import { sendError } from './send.ts';

const LONGEST_CACHED_S = 3600;

interface Link {
  Params: { id: string; seal: string; name: string };
}

/** Results and uploads, for anyone with the link, as from a CDN (contract section 10). */
export function fileRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<Link>({
    method: ['GET', 'HEAD'],
    url: '/files/:id/:seal/:name',
    handler: async (request, reply) => {
      const { id, seal, name } = request.params;
      const asset = isSealOf(core, id, seal) ? await core.store.asset(id) : undefined;
      const left = (asset?.expiresAt ?? 0) - core.now();
      const found =
        asset !== undefined &&
        asset.dialect === NAME &&
        name === fileName(asset) &&
        left > 0 &&
        (await sendBlob(request, reply, {
          blobs: core.blobs,
          blob: asset.blob,
          asset,
          cacheControl: `public, max-age=${Math.min(LONGEST_CACHED_S, Math.floor(left / 1000))}`,
          onUnsatisfiable: () =>
            sendError(core, request, reply, unsatisfiable(), familyOfType(asset.contentType)),
        }));
      if (!found) throw new GenlockError('not_found', 'There is no such file.');
      return reply;
    },
  });
}

/** Wire codes depend on what was made, which here is the type of the file. */
function familyOfType(contentType: string): SkillsVideoFamily {
  if (contentType.startsWith('image/')) return 'IMAGE';
  return contentType.startsWith('audio/') ? 'TTS' : 'VIDEO';
}

/** Section 11.2 has no status 416, so a range outside the file is reported as an invalid request. */
function unsatisfiable(): GenlockError {
  return new GenlockError('invalid_parameter', 'The range lies outside the file.', { param: 'Range' });
}
