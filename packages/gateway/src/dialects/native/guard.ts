import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, limitOf } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import { bearerToken } from '../../http/bearer.ts';
import { assertAllowed, identify } from '../../http/identify.ts';
import { rateLimited } from '../../http/limits.ts';
import type { Unrouted } from '../../http/unrouted.ts';
import type { LimitVerdict } from '../../limits/port.ts';
import { NAME } from './links.ts';

const WINDOW_SECONDS = 60;

/** Reads and writes are counted apart; the name is the policy's in the headers. */
const POLICIES = { reads: 'reads_per_minute', writes: 'requests_per_minute' } as const;
type Policy = keyof typeof POLICIES;

/**
 * Lets a call in, or says why not: key, pause, address, origin, limiter, route, method. Runs before anything is read of the
 * body.
 */
export function createGuard(
  core: Core,
  unrouted: Unrouted,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const caller = await identify(core, NAME, request, bearerToken(request.headers.authorization));
    assertAllowed(core, request, caller);
    const policy = request.method === 'GET' || request.method === 'HEAD' ? 'reads' : 'writes';
    const verdict = await take(core, caller, policy);
    if (verdict !== undefined) {
      tellLimit(core, reply, policy, verdict);
      if (!verdict.allowed) throw rateLimited(verdict);
    }
    if (request.is404) throw unrouted(request, reply);
    request.caller = caller;
  };
}

/** Counted apart from the dialect that a key was made for: that may count in another way. */
async function take(core: Core, caller: Caller, policy: Policy): Promise<LimitVerdict | undefined> {
  const name = POLICIES[policy];
  const perMinute = limitOf(name, caller, core.config().dialects[NAME]?.limits ?? {});
  if (perMinute === undefined) return undefined;
  const bucket = `${caller.key.id}:${NAME}:${name}`;
  return core.limiter.take({ bucket, perMinute, now: core.now(), of: { dialect: NAME, limit: name } });
}

/**
 * `RateLimit-Policy` and `RateLimit` as structured fields (draft-ietf-httpapi-ratelimit-headers, 10). Beside a `Retry-After` they speak
 * of the same time, as the draft asks: when the next call will do, not when all of the quota is there again.
 */
function tellLimit(core: Core, reply: FastifyReply, policy: Policy, verdict: LimitVerdict): void {
  const { allowed, resetAt, retryAfterMs } = verdict;
  const seconds = Math.max(0, Math.ceil((allowed ? resetAt - core.now() : retryAfterMs) / 1000));
  reply.header('ratelimit-policy', `"${policy}";q=${verdict.limit};w=${WINDOW_SECONDS}`);
  reply.header('ratelimit', `"${policy}";r=${verdict.remaining};t=${seconds}`);
}
