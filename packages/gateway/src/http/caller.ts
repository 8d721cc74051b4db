import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../gateway/accounts/authenticate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, once a dialect's guard has let the call in. */
    caller: Caller | null;
  }
}

/** Gives the requests of a scope their place for the caller; a fixed shape keeps property access fast. */
export function decorateCaller(scope: FastifyInstance): void {
  if (!scope.hasRequestDecorator('caller')) scope.decorateRequest('caller', null);
}

/** The caller of a request behind a guard. Throws where a route was mounted without one: a mistake of ours. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('a route that needs a caller is not behind a guard');
  return request.caller;
}
