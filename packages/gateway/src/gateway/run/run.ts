import { isBrokenOff } from '../../domain/broken-off.ts';
import { GenlockError } from '../../domain/error.ts';
import type { Attempt } from '../../domain/generation.ts';
import { decideRecovery } from '../../domain/recovery-decision.ts';
import type { ClaimedGeneration } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { findModel } from '../models/find-model.ts';
import { asFree } from '../routes/as-free.ts';
import { routesFor } from '../routes/routes-for.ts';
import { afterFailure } from './after-failure.ts';
import { attempt, type Obtain } from './attempt.ts';
import { breakOff } from './break-off.ts';
import { fail } from './end.ts';
import type { Job, StopReason } from './job.ts';
import { failUnderWay } from './let-go.ts';
import type { Place } from './places.ts';
import { traitsOf } from './routes.ts';
import { startNext } from './start-next.ts';
import { lookUp, poll } from './upstream.ts';
import { observeLost } from './watch-attempt.ts';

export type { StopReason } from './job.ts';

/**
 * Takes a claimed generation one step on: one attempt at one provider, to its end. Then the generation is settled, or postponed for the
 * next attempt. If the worker dies meanwhile, its lease runs out, and the next claim continues here.
 */
export async function run(
  core: Core,
  claimed: ClaimedGeneration,
  worker: string,
  stop: AbortController,
  { rest }: Pick<Place, 'rest'>,
): Promise<void> {
  const { generation, attempts } = claimed;
  const model = await findModel(core, generation.dialect, generation.model, generation.accountId);
  const routes = model === undefined ? [] : routesFor(core, model, generation);
  const last = attempts.at(-1);
  const job: Job = {
    ...{ core, generation, attempts, routes, worker, stop, rest },
    held: undefined,
    brokenOff: last?.outcome === null && isBrokenOff(last),
    upstreamId: last?.outcome === null ? last.upstreamId : null,
    lostCalls: last?.outcome === null ? last.lostCalls : 0,
    progress: generation.progress,
  };
  const deadline = setTimeout(
    () => stop.abort('deadline' satisfies StopReason),
    Math.max(0, generation.deadlineAt - core.now()),
  );
  try {
    await step(job);
  } finally {
    clearTimeout(deadline);
    job.held?.release();
  }
}

async function step(job: Job): Promise<void> {
  const { attempts, core, generation } = job;
  const last = attempts.at(-1);
  // Its caller waited in a process that has died. Nobody is left to receive an answer, so none is bought again.
  if (generation.inline)
    return last?.outcome === null ? failWithOpenAttempt(job, last, died()) : fail(job, died());
  // After the deadline the only question left is what became of the attempt.
  if (last?.outcome === null && core.now() >= generation.deadlineAt)
    return failWithOpenAttempt(job, last, new GenlockError('upstream_timeout'));
  const recovery = decideRecovery(last, last && traitsOf(core, last, generation.kind));
  switch (recovery.kind) {
    case 'start':
      return startNext(job);
    case 'resume':
      return goOn(job, recovery.attempt, (provider, call) => poll(job, provider, call, recovery.upstreamId));
    case 'resend': {
      if (job.brokenOff) {
        const ended = await breakOff(job, recovery.attempt, 'maybe');
        return observeLost(core, generation, recovery.attempt, ended);
      }
      const error = asFree(died('upstream_failed'), traitsOf(core, recovery.attempt, generation.kind));
      observeLost(core, generation, recovery.attempt, error);
      return afterFailure(job, recovery.attempt, error);
    }
    case 'reconcile':
      return goOn(job, recovery.attempt, (provider, call) => lookUp(job, provider, call));
  }
}

function died(code: 'outcome_unknown' | 'upstream_failed' = 'outcome_unknown'): GenlockError {
  return new GenlockError(code, undefined, { accepted: 'maybe', raw: 'the worker died during the call' });
}

/** Continues an attempt that another process began. */
async function goOn(job: Job, begun: Attempt, obtain: Obtain): Promise<void> {
  if (!job.core.providers.has(begun.provider)) return failUnderWay(job, begun, died());
  const trial = job.core.routeBoard.begin(begun, 'resumed');
  try {
    await attempt(job, begun, trial, obtain);
  } finally {
    trial.left();
  }
}

/** Ends the generation although an attempt of another process was, or still is, under way. */
function failWithOpenAttempt(job: Job, begun: Attempt, thrown: GenlockError): Promise<void> {
  const { core, generation } = job;
  const error = asFree(thrown, traitsOf(core, begun, generation.kind));
  observeLost(core, generation, begun, error);
  return failUnderWay(job, begun, error);
}
