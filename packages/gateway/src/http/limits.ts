import type { FastifyReply } from 'fastify';
import { GenlockError } from '../domain/error.ts';
import { type Caller, limitOf } from '../gateway/accounts/authenticate.ts';
import type { Core } from '../gateway/core.ts';
import type { LimitClaim, LimitKind, LimitVerdict } from '../limits/port.ts';
import type { LimitName } from '../store/port.ts';
import { holderOf } from './client-address.ts';

/** How many calls without a valid key one address may make per minute. */
const UNAUTHENTICATED_PER_MINUTE = 300;

/**
 * Takes one token for a call, from the bucket of its key or of its account, as the contract counts. Undefined if no limit is set.
 * Synchronous if the limiter is, because an await costs more than the in-memory limiter.
 *
 * @throws GenlockError `limiter_unavailable`
 */
export function takeToken(
  core: Core,
  caller: Caller,
  name: LimitName,
  per: 'key' | 'account' = 'key',
): LimitVerdict | undefined | Promise<LimitVerdict> {
  const claim = limitClaim(core, caller, name, per);
  return claim && core.limiter.take(claim);
}

/** The claim of this caller's call on a limit, for contracts that also peek at it or give it back. */
export function limitClaim(
  core: Core,
  caller: Caller,
  name: LimitName,
  per: 'key' | 'account',
  kind: LimitKind = 'flow',
): LimitClaim | undefined {
  const { dialect } = caller.key;
  const perMinute = limitOf(name, caller, core.config().dialects[dialect]?.limits ?? {});
  if (perMinute === undefined) return undefined;
  const owner = per === 'key' ? caller.key.id : caller.account.id;
  // Each contract has its own buckets: an account may hold keys of several contracts, which count in different ways.
  return {
    bucket: `${owner}:${dialect}:${name}`,
    perMinute,
    now: core.now(),
    kind,
    of: { dialect, limit: name },
  };
}

const ADDRESS_LIMIT = { dialect: 'none', limit: 'address' };

/** Takes one token for a call without a valid key. @throws GenlockError `rate_limited` */
export async function takeUnauthenticated(core: Core, address: string): Promise<void> {
  const verdict = await core.limiter.take({
    bucket: `address:${holderOf(address)}`,
    perMinute: UNAUTHENTICATED_PER_MINUTE,
    now: core.now(),
    of: ADDRESS_LIMIT,
  });
  if (!verdict.allowed) throw rateLimited(verdict);
}

export function rateLimited({ retryAfterMs }: LimitVerdict): GenlockError {
  return new GenlockError('rate_limited', undefined, { retryAfterMs });
}

/** Sets the headers that most contracts have for the state of a limit. The reset is in seconds since 1970. */
export function tellLimit(reply: FastifyReply, { limit, remaining, resetAt }: LimitVerdict): void {
  reply.header('x-ratelimit-limit', limit);
  reply.header('x-ratelimit-remaining', remaining);
  reply.header('x-ratelimit-reset', Math.ceil(resetAt / 1000));
}
