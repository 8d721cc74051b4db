import type { FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { bearerToken } from '../../http/bearer.ts';
import { assertAllowed, identify, refuseUnknown } from '../../http/identify.ts';
import { rateLimited, takeToken, tellLimit } from '../../http/limits.ts';
import { NAME } from './links.ts';

/** Accepts a call or refuses it, in the order of section 16: key, pause, address, origin, limiter, route. Runs before the body is read. */
export function createGuard(core: Core): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    // A browser's preflight has no key. If it were asked for one, it would never get the 404 that section 1 requires.
    if (request.method === 'OPTIONS')
      return refuseUnknown(core, request, new GenlockError('route_not_found'));
    const caller = await identify(core, NAME, request, bearerToken(request.headers.authorization));
    assertAllowed(core, request, caller);
    const taken = takeToken(core, caller, limitFor(request.method));
    const verdict = taken instanceof Promise ? await taken : taken;
    if (verdict !== undefined) {
      tellLimit(reply, verdict);
      if (!verdict.allowed) throw rateLimited(verdict);
    }
    if (request.is404) throw new GenlockError('route_not_found');
    request.caller = caller;
  };
}

function limitFor(method: string): 'reads_per_minute' | 'requests_per_minute' {
  return method === 'GET' || method === 'HEAD' ? 'reads_per_minute' : 'requests_per_minute';
}
