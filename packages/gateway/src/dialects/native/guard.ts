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

/** Reads and writes are counted separately; the key is the policy's name in the headers. */
const POLICIES = { reads: 'reads_per_minute', writes: 'requests_per_minute' } as const;
type Policy = keyof typeof POLICIES;

/** Accepts a call or refuses it: key, pause, address, origin, limiter, route, method. Runs before the body is read. */
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

/** Counted separately from the dialect that the key was made for, which may count differently. */
async function take(core: Core, caller: Caller, policy: Policy): Promise<LimitVerdict | undefined> {
  const name = POLICIES[policy];
  const perMinute = limitOf(name, caller, core.config().dialects[NAME]?.limits ?? {});
  if (perMinute === undefined) return undefined;
  const bucket = `${caller.key.id}:${NAME}:${name}`;
  return core.limiter.take({ bucket, perMinute, now: core.now(), of: { dialect: NAME, limit: name } });
}

/**
 * `RateLimit-Policy` and `RateLimit` as structured fields (draft-ietf-httpapi-ratelimit-headers, 10). Together with a `Retry-After` they
 * give the same time, as the draft requires: when the next call will pass, not when the whole quota is available again.
 */
function tellLimit(core: Core, reply: FastifyReply, policy: Policy, verdict: LimitVerdict): void {
  const { allowed, resetAt, retryAfterMs } = verdict;
  const seconds = Math.max(0, Math.ceil((allowed ? resetAt - core.now() : retryAfterMs) / 1000));
  reply.header('ratelimit-policy', `"${policy}";q=${verdict.limit};w=${WINDOW_SECONDS}`);
  reply.header('ratelimit', `"${policy}";r=${verdict.remaining};t=${seconds}`);
}
