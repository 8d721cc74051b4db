import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { bearerToken } from '../../http/bearer.ts';
import { assertAllowed, identify } from '../../http/identify.ts';
import { limitClaim, rateLimited } from '../../http/limits.ts';
import type { Unrouted } from '../../http/unrouted.ts';
import type { LimitVerdict } from '../../limits/port.ts';
import { NAME } from './links.ts';
import { tellDetails } from './place.ts';

export const WINDOW_SECONDS = 60;

/** The key of a request: `x-api-key`, or if that is absent a bearer token (contract section 1). */
export function secretOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string' && key !== '') return key;
  return bearerToken(headers.authorization);
}

/**
 * Accepts a call or refuses it: key, then limits, then the route (contract section 3, order of checks). All calls of an account count in
 * one bucket, whatever their method.
 */
export function createGuard(
  core: Core,
  unrouted: Unrouted,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const caller = await identify(core, NAME, request, secretOf(request));
    assertAllowed(core, request, caller);
    // "Rolling window" (contract section 10); the headers give its length.
    const claim = limitClaim(core, caller, 'requests_per_minute', 'account', 'rolling');
    const verdict = claim && (await core.limiter.take(claim));
    tellLimits(reply, verdict);
    if (verdict?.allowed === false) {
      tellDetails(request, { scope: 'requests', model: null, limit: verdict.limit, window: WINDOW_SECONDS });
      throw rateLimited(verdict);
    }
    if (request.is404) throw unrouted(request, reply);
    request.caller = caller;
  };
}

/** Contract section 10. `-`: does not apply. No plan here has token buckets. */
function tellLimits(reply: FastifyReply, verdict: LimitVerdict | undefined): void {
  const name = (rest: string): string => `x-skytells-ratelimit-${rest}`;
  reply.headers({
    [name('limit-requests')]: verdict?.limit ?? '-',
    [name('remaining-requests')]: verdict?.remaining ?? '-',
    [name('window')]: verdict === undefined ? '-' : WINDOW_SECONDS,
    [name('limit-tokens-in')]: '-',
    [name('remaining-tokens-in')]: '-',
    [name('limit-tokens-out')]: '-',
    [name('remaining-tokens-out')]: '-',
  });
}
