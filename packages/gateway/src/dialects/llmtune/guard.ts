import type { FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { assertAllowed, identify } from '../../http/identify.ts';
import { rateLimited, takeToken, tellLimit } from '../../http/limits.ts';
import { isApiOnly, isEndpoint, LOOSE_ROUTES, strayOf } from './endpoints.ts';
import { hostPart, pathOf } from './host.ts';
import { keyOf } from './key.ts';
import { MOUNT, NAME } from './links.ts';

const looseRoutes = new Set<string | undefined>(Object.values(LOOSE_ROUTES).map((route) => MOUNT + route));

/** Accepts a call to an endpoint or refuses it, in the order of contract section 15: key, account, rate. Runs before the body is read. */
export function createGuard(core: Core): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const caller = await identify(core, NAME, request, keyOf(request));
    assertAllowed(core, request, caller);
    // All calls of a key are counted in one bucket (contract section 14).
    const taken = takeToken(core, caller, 'requests_per_minute');
    const verdict = taken instanceof Promise ? await taken : taken;
    if (verdict !== undefined) {
      tellLimit(reply, verdict);
      if (!verdict.allowed) throw rateLimited(verdict);
    }
    request.caller = caller;
  };
}

/**
 * Checks host and endpoint, before the key (contract section 1). @throws GenlockError `forbidden`, `method_not_allowed`, `route_not_found`
 */
export function assertEndpoint(core: Core, request: FastifyRequest, reply: FastifyReply): void {
  const path = pathOf(request);
  if (hostPart(core, request) === 'dashboard' && isApiOnly(path))
    throw new GenlockError('forbidden', 'This host does not serve the API.');
  const { is404, routeOptions, method } = request;
  if (!is404 && !(looseRoutes.has(routeOptions.url) && !isEndpoint(method, path))) return;

  const { code, allow } = strayOf(path);
  if (allow !== undefined) reply.header('allow', allow);
  throw new GenlockError(code, code === 'forbidden' ? 'This endpoint is not part of the API.' : undefined);
}
