import { BROKEN_OFF } from '../../domain/broken-off.ts';
import { GenlockError } from '../../domain/error.ts';
import { firmly } from '../firmly.ts';
import { asFree } from '../routes/as-free.ts';
import { endOf, firmness } from './end.ts';
import type { Current, Job } from './job.ts';
import { traitsOf } from './routes.ts';

/**
 * Ends an attempt that the end of a process broke off and whose work may be ordered again. The generation is given back at once, without
 * back-off, and keeps its position in its line. The next claim decides how it goes on.
 */
export async function breakOff(job: Job, current: Current, accepted: 'no' | 'maybe'): Promise<GenlockError> {
  const { core, generation, worker } = job;
  const { code, raw } = BROKEN_OFF;
  const traits = traitsOf(core, current, generation.kind);
  const error = asFree(new GenlockError(code, undefined, { raw, accepted }), traits);
  const now = core.now();
  const dueAt = Math.min(generation.createdAt, now);
  const attempt = endOf(current.n, error);
  core.log.info({ generation: generation.id, attempt: current.n, provider: current.provider }, raw);
  await firmly(
    () => core.store.postpone({ generationId: generation.id, worker, now, dueAt, attempt }),
    firmness(job),
  );
  return error;
}

/**
 * Whether it is certain that the provider knows nothing of a call that failed with `thrown`, and that no other call of the attempt is open.
 * If the end of the process itself cut off the call, this is only certain while a source is being fetched, because that comes before the
 * order.
 */
export function neverArrived({ held, upstreamId, lostCalls, stop }: Job, thrown: unknown): boolean {
  if (!(thrown instanceof GenlockError) || held === undefined || upstreamId !== null || lostCalls > 0)
    return false;
  const { accepted = 'no', lostCalls: lost = 0, cause } = thrown.detail;
  const cutOff = stop.signal.aborted && cause === stop.signal.reason && thrown.code !== 'media_unreadable';
  return accepted === 'no' && lost === 0 && !cutOff;
}
