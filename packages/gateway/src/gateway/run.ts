import { GenlockError } from '../domain/error.ts';
import { textsOf } from '../domain/generation.ts';
import { decideRecovery } from '../domain/recovery-decision.ts';
import type { ClaimedGeneration } from '../store/port.ts';
import type { Core } from './core.ts';
import { deliveriesFor } from './deliveries.ts';
import { findModel } from './find-model.ts';
import { routesFor } from './routes-for.ts';
import { afterFailure, nextRoute } from './run/after-failure.ts';
import { attempt } from './run/attempt.ts';
import { fail } from './run/end.ts';
import type { Current, Job, StopReason } from './run/job.ts';
import { lookUp, poll, submit } from './run/upstream.ts';

export type { StopReason } from './run/job.ts';

/**
 * Takes a claimed generation one step on: one attempt at one provider, to its end. Then it is settled, or postponed for the
 * next attempt; a worker that dies in between leaves a lease that runs out, and the next claim comes back here.
 */
export async function run(
  core: Core,
  claimed: ClaimedGeneration,
  worker: string,
  stop: AbortController,
): Promise<void> {
  const { generation, attempts } = claimed;
  const model = await findModel(core, generation.dialect, generation.model, generation.accountId);
  const routes = model === undefined ? [] : routesFor(core, model, generation.mode);
  const job: Job = { core, generation, attempts, routes, worker, stop, progress: generation.progress };
  const deadline = setTimeout(
    () => stop.abort('deadline' satisfies StopReason),
    Math.max(0, generation.deadlineAt - core.now()),
  );
  try {
    await step(job);
  } finally {
    clearTimeout(deadline);
  }
}

async function step(job: Job): Promise<void> {
  const { attempts, core, generation } = job;
  // Its caller waited for it in a process that is gone: nobody is there to take an answer, and none is bought again.
  if (generation.inline)
    return fail(job, new GenlockError('outcome_unknown', undefined, DIED), attempts.at(-1)?.n);
  const last = attempts.at(-1);
  const recovery = decideRecovery(last, last && core.providers.get(last.provider)?.capabilities);
  switch (recovery.kind) {
    case 'start':
      return startNext(job);
    case 'resume':
      return attempt(job, recovery.attempt, (provider, call) =>
        poll(job, provider, call, recovery.upstreamId),
      );
    case 'resend':
      return afterFailure(job, recovery.attempt, new GenlockError('upstream_failed', undefined, DIED));
    case 'reconcile':
      return attempt(job, recovery.attempt, (provider, call) => lookUp(job, provider, call));
  }
}

const DIED = { accepted: 'maybe', raw: 'the worker died during the call' } as const;

async function startNext(job: Job): Promise<void> {
  const { core, generation, attempts, worker } = job;
  if (core.now() >= generation.deadlineAt) return fail(job, new GenlockError('upstream_timeout'));
  const dialect = core.dialects.get(generation.dialect);
  if (dialect?.moderation === 'in_the_job' && !(await core.moderator().allows(textsOf(generation.request)))) {
    return fail(job, new GenlockError('content_rejected'));
  }
  const route = nextRoute(job);
  if (route === undefined) return fail(job, new GenlockError('no_route'));
  const current: Current = { n: attempts.length + 1, provider: route.provider, model: route.model };
  // Written before the call: a crash from here on leaves an attempt of unknown fate, never an unrecorded one.
  const deliveries = current.n > 1 ? [] : await deliveriesFor(core, 'started', { generation, assets: [] });
  const now = core.now();
  const mine = await core.store.beginAttempt({
    generationId: generation.id,
    worker,
    ...current,
    now,
    deliveries,
  });
  if (!mine) return;
  return attempt(job, current, (provider, call) => submit(job, provider, call));
}
