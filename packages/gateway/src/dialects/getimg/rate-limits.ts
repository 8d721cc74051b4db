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
    /** The limit claim of this submission, so that it can be given back. */
    getimgSubmission: LimitClaim | null;
  }
}

/** Submissions per minute of the whole workspace, with images and videos counted separately (contract section 10). */
function claimOf(core: Core, request: FastifyRequest, type: Spec['type']): LimitClaim | undefined {
  const name = type === 'image' ? 'requests_per_minute' : 'video_requests_per_minute';
  return limitClaim(core, callerOf(request), name, 'account', 'fixed');
}

/** Counts a submission and sets the headers of its window. @throws GenlockError `rate_limited`, `limiter_unavailable` */
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

/** Gives the count back: a submission that was refused because of a limit does not count. */
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

/** Sets the headers of the video window on reads. If the limiter cannot be reached, they are left out. */
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
