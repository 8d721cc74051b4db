import type { FastifyInstance } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { guardReads } from './guard.ts';
import { NAME } from './links.ts';
import { partsOf, specs } from './models.ts';
import { sendJson } from './send.ts';

/** The models that can be used now (contract section 2: "a harmless extra"). */
export function modelRoutes(scope: FastifyInstance, core: Core): void {
  scope.route({
    method: ['GET', 'HEAD'],
    url: '/models',
    onRequest: guardReads(core),
    handler: (_request, reply) =>
      sendJson(reply, 200, {
        data: specs
          .filter(({ id }) => core.models.find(NAME, id)?.status !== 'inactive')
          .map(({ id, family }) => ({ id, ...partsOf(id), type: family.toLowerCase() })),
      }),
  });
}
