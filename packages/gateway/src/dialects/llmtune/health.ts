import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { tellable } from './errors.ts';
import { NAME } from './links.ts';
import { sendJson } from './send.ts';

/** No generation has this id. Reading it shows whether the store answers. */
const PROBE = 'health';

/** Contract section 11: no key, and 503 if the model backend or the database is down or the server drains. */
export function healthRoutes(scope: FastifyInstance, core: Core): void {
  scope.route({
    method: ['GET', 'HEAD'],
    url: '/api/health',
    handler: async (_request, reply) => {
      await assertHealthy(core).catch((cause: unknown) => {
        throw new GenlockError('upstream_unavailable', 'The service is not available now.', { cause });
      });
      return sendJson(reply, { status: 'ok' });
    },
  });
}

async function assertHealthy(core: Core): Promise<void> {
  if (core.draining()) throw new GenlockError('shutting_down');
  await core.store.generation(PROBE);
  const model = core.models.list(NAME).find(({ status, routes }) => status === 'active' && routes.length > 0);
  const route = model?.routes[0];
  const provider = route && core.providers.get(route.provider);
  if (route === undefined || provider === undefined) throw new GenlockError('no_route');
  const request = { kind: 'text', messages: [], maxTokens: 1, temperature: 0, seed: 0 } as const;
  await provider.preflight?.({ model: route.model, mode: 'live', request, tellable });
}
