import { GenlockError } from '../../domain/error.ts';
import { type Generation, isTerminal } from '../../domain/generation.ts';
import { endedSo, endOf, failureFrom, settleFirmly } from './end.ts';
import { attemptName, followUp } from './follow-up.ts';
import type { Current, Job, StopReason } from './job.ts';
import { traitsOf } from './routes.ts';

/** Fails a generation while an attempt is under way, e.g. at the deadline, and then finds out what becomes of that attempt. */
export async function failUnderWay(job: Job, current: Current, error: GenlockError): Promise<void> {
  const { core, generation } = job;
  const free = traitsOf(core, current, generation.kind).free === true;
  await settleFirmly(job, {
    outcome: { status: 'failed', failure: failureFrom(job, error) },
    ...endedSo(job, current, { ...endOf(current.n, error), outcome: free ? 'failed' : 'abandoned' }),
  });
  if (!free) await followAttempt(job, current, generation);
}

/**
 * Another process or a cancellation took over. If the generation was ended, the upstream work must be stopped; if another process goes on
 * with it, it must not.
 */
export async function letGo(job: Job, current: Current): Promise<void> {
  const { core, stop } = job;
  if (stop.signal.reason === 'draining') return;
  const generation = await core.store.generation(job.generation.id);
  if (generation === undefined || !isTerminal(generation.status) || generation.status === 'succeeded') return;
  await followAttempt(job, current, generation);
}

/** Keeps the provider that was called, so that later looks ask it too, even if its name leads elsewhere by then. */
async function followAttempt(
  { core, held, upstreamId }: Job,
  current: Current,
  generation: Generation,
): Promise<void> {
  const attempt = { ...current, upstreamId };
  if (held !== undefined) core.providers.keep(attemptName(generation.id, current.n), held);
  await followUp(core, generation, attempt);
}

/** The error of an attempt that the deadline ended with `thrown`. */
export function lateError(thrown: unknown): GenlockError {
  if (thrown instanceof GenlockError && thrown.code === 'outcome_unknown') return thrown;
  const lostCalls = thrown instanceof GenlockError ? (thrown.detail.lostCalls ?? 0) : 0;
  return new GenlockError('upstream_timeout', undefined, { raw: rawAtDeadline(thrown), lostCalls });
}

/** What the operator is told of a call that was cut off: also its own error, if that says more than the deadline. */
export function rawAtDeadline(thrown: unknown): string {
  const said = thrown instanceof GenlockError ? thrown.detail.raw : String(thrown);
  const isNews = said !== undefined && thrown !== ('deadline' satisfies StopReason);
  return isNews ? `cut off at the deadline: ${said}` : 'cut off at the deadline';
}
