import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { clientGone } from '../../http/event-stream.ts';

/** Proxies and clients give up on answers that take longer. */
const MAX_WAIT_SECONDS = 60;

/**
 * How long a caller will wait for the end: `Prefer: wait=10` (RFC 7240, section 4.3). Undefined: not at all. An unreadable preference is
 * ignored, as the RFC requires.
 */
export function preferredWait(request: FastifyRequest): number | undefined {
  const header = request.headers.prefer;
  const preferences = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
  for (const preference of preferences) {
    const match = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference);
    // The first one counts (RFC 7240, section 2).
    if (match !== null) return Math.min(Number(match[1]), MAX_WAIT_SECONDS);
  }
  return undefined;
}

/** The generation once it has ended, or when the preferred time is over. Sets `Preference-Applied`. */
export async function afterWait(
  core: Core,
  reply: FastifyReply,
  generation: Generation,
  seconds: number | undefined,
): Promise<Generation> {
  if (seconds === undefined) return generation;
  const until = AbortSignal.any([core.stopped, clientGone(reply)]);
  const then = await waitForEnd(core, generation.id, seconds * 1000, until);
  reply.header('preference-applied', `wait=${seconds}`);
  return then ?? generation;
}
