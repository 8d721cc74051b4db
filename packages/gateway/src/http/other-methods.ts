import type { FastifyInstance, HTTPMethods } from 'fastify';
import { GenlockError } from '../domain/error.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is there to say 405, and no part of the API. */
    readonly refusal?: boolean;
  }
}

/**
 * Known paths answer 405 with `Allow` to every method that they do not take (RFC 9110, 15.5.6). To be called before the routes of the
 * scope are defined; what it gives, after.
 */
export function refuseOtherMethods(scope: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>();
  scope.addHook('onRoute', ({ url, method }) => {
    const methods = taken.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    taken.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...taken]) {
      const allow = [...methods].join(', ');
      scope.route({
        method: METHODS.filter((method) => !methods.has(method)),
        url: url.slice(scope.prefix.length),
        config: { refusal: true },
        handler: (_request, reply) => {
          reply.header('allow', allow);
          throw new GenlockError('method_not_allowed');
        },
      });
    }
  };
}
