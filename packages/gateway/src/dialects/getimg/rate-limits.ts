import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import { factsOf } from '../../http/failure.ts';
import { limitClaim, rateLimited, tellLimit } from '../../http/limits.ts';
import type { LimitClaim } from '../../limits/port.ts';
import type { Spec } from './models.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What this submission was counted as, so that it can be taken back. */
    getimgSubmission: LimitClaim | null;
  }
}

/** Submissions of a minute, of the whole workspace, images and videos apart (contract section 10). */
function claimOf(core: Core, request: FastifyRequest, type: Spec['type']): LimitClaim | undefined {
  const name = type === 'image' ? 'requests_per_minute' : 'video_requests_per_minute';
  return limitClaim(core, callerOf(request), name, 'account', 'fixed');
}

/** Counts a submission and tells where its window stands. @throws GenlockError `rate_limited`, `limiter_unavailable` */
export async function countSubmission(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  type: Spec['type'],
): Promise<void> {
  const claim = claimOf(core, request, type);
  if (claim === undefined) return;
  const verdict = await core.limiter.take(claim);
  tellLimit(reply, verdict);
  if (!verdict.allowed) throw rateLimited(verdict);
  request.getimgSubmission = claim;
}

/** What is refused for a limit was not submitted: it does not count. */
export async function uncountRefused(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  { code }: GenlockError,
): Promise<void> {
  const claim = request.getimgSubmission;
  if (claim === null || !REFUSED_FOR_A_LIMIT.has(code)) return;
  request.getimgSubmission = null;
  try {
    tellLimit(reply, await core.limiter.giveBack({ ...claim, now: core.now() }));
  } catch (error) {
    core.log.warn({ ...factsOf(request), err: error }, 'a refused submission stays counted');
  }
}

const REFUSED_FOR_A_LIMIT: ReadonlySet<string> = new Set([
  'rate_limited',
  'concurrency_limited',
  'queue_full',
]);

/** The window of videos, as reads show it; without the limiter they go without. */
export async function showVideoWindow(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const claim = claimOf(core, request, 'video');
  if (claim === undefined) return;
  try {
    tellLimit(reply, await core.limiter.peek(claim));
  } catch (error) {
    core.log.warn({ ...factsOf(request), err: error }, 'a read goes without its rate limit');
  }
}
