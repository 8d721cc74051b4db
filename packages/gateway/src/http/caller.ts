import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../gateway/accounts/authenticate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, set once a dialect's guard has accepted the call. */
    caller: Caller | null;
  }
}

/** Reserves a field for the caller on the requests of a scope; a fixed object shape keeps property access fast. */
export function decorateCaller(scope: FastifyInstance): void {
  if (!scope.hasRequestDecorator('caller')) scope.decorateRequest('caller', null);
}

/** The caller of a request behind a guard. Throws if a route was mounted without a guard, which is a bug. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('a route that needs a caller is not behind a guard');
  return request.caller;
}
