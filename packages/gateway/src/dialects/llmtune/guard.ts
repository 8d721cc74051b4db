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

/**
 * Lets a call to an endpoint in, or says why not, in the order of contract section 15: key, account, rate. Runs before anything is
 * read of the body.
 */
export function createGuard(core: Core): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const caller = await identify(core, NAME, request, keyOf(request));
    assertAllowed(core, request, caller);
    // All calls are counted in one bucket a key (contract section 14).
    const taken = takeToken(core, caller, 'requests_per_minute');
    const verdict = taken instanceof Promise ? await taken : taken;
    if (verdict !== undefined) {
      tellLimit(reply, verdict);
      if (!verdict.allowed) throw rateLimited(verdict);
    }
    request.caller = caller;
  };
}

/** Host and endpoint are looked at before the key (contract section 1). @throws GenlockError `forbidden`, `method_not_allowed`, `route_not_found` */
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
