import type { FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { bearerToken } from '../../http/bearer.ts';
import { assertAllowed, identify } from '../../http/identify.ts';
import { NAME } from './links.ts';

/** Identifies the caller of a known route, or refuses (contract section 1). Runs before the body is read. */
export function createGuard(core: Core): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const caller = await identify(core, NAME, request, bearerToken(request.headers.authorization));
    assertAllowed(core, request, caller);
    request.caller = caller;
  };
}
