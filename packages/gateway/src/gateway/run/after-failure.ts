import { GenlockError } from '../../domain/error.ts';
import type { Attempt } from '../../domain/generation.ts';
import { decideRetry, type Failure } from '../../domain/retry-decision.ts';
import { firmly } from '../firmly.ts';
import { observeRoute } from '../metrics/observe.ts';
import { endedSo, endOf, fail, firmness } from './end.ts';
import type { Current, Job } from './job.ts';
import { historyOf, rowsOf, traitsOf } from './routes.ts';

/** Postpones the generation for another attempt, or ends it. The next claim chooses the route again. */
export async function afterFailure(job: Job, current: Current, error: GenlockError): Promise<void> {
  const { core, generation, worker } = job;
  const now = core.now();
  const failure = failureOf(error);
  const before = job.attempts.filter(({ n }) => n < current.n);
  const decision = decideRetry({
    failure,
    history: historyOf(core, [...before, asEnded(job, current, error, now)]),
    rows: rowsOf(core, job.routes, now),
    provider: traitsOf(core, current, generation.kind),
    policy: core.config().retries,
    now,
    deadlineAt: generation.deadlineAt,
    random: core.random(),
  });
  const fields = {
    generation: generation.id,
    attempt: current.n,
    provider: current.provider,
    error: error.code,
  };
  core.log.warn({ ...fields, raw: error.detail.raw, next: decision.kind }, 'attempt failed');
  const ended = endedSo(job, current, endOf(current.n, error));
  if (decision.kind === 'fail') {
    const final =
      decision.error === error.code ? error : new GenlockError(decision.error, undefined, error.detail);
    return fail(job, final, ended);
  }
  const dueAt = now + decision.delayMs;
  // Repeated if the store fails: without this write the failure would look like a call of unknown fate.
  const { attempt, route } = ended;
  const mine = await firmly(
    () => core.store.postpone({ generationId: generation.id, worker, now, dueAt, attempt }),
    firmness(job),
  );
  if (mine) observeRoute(core, generation, route, attempt);
}

/** The attempt as it will be stored. */
function asEnded({ upstreamId }: Job, current: Current, error: GenlockError, now: number): Attempt {
  const end = { ...endOf(current.n, error), cost: null, lostCalls: 0 };
  return { ...current, upstreamId, endedAt: now, ...end };
}

/** The failure in the form that the retry decision takes. */
export function failureOf({ code, detail }: GenlockError): Failure {
  return {
    error: code,
    ambiguous: detail.accepted === 'maybe',
    done: detail.accepted === 'yes',
    ...(detail.retryAfterMs !== undefined && { retryAfterMs: detail.retryAfterMs }),
  };
}
