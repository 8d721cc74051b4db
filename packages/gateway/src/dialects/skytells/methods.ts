import type { FastifyInstance, HTTPMethods, RouteOptions } from 'fastify';
import { GenlockError } from '../../domain/error.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * A known route answers 405 with `Allow` to every method that it does not take (contract section 1). To be called before the
 * routes of the scope are defined; what it gives is to be called after.
 */
export function refuseOtherMethods(scope: FastifyInstance): () => void {
  const taken = new Map<string, { readonly route: RouteOptions; readonly methods: Set<string> }>();
  scope.addHook('onRoute', (route) => {
    const known = taken.get(route.url) ?? { route, methods: new Set() };
    for (const method of [route.method].flat()) known.methods.add(method);
    taken.set(route.url, known);
  });
  return () => {
    for (const [url, { route, methods }] of [...taken]) {
      const allow = [...methods].join(', ');
      scope.route({
        method: METHODS.filter((method) => !methods.has(method)),
        url: url.slice(scope.prefix.length),
        config: { ...route.config, refusal: true },
        handler: (_request, reply) => {
          reply.header('allow', allow);
          throw new GenlockError('method_not_allowed');
        },
      });
    }
  };
}
