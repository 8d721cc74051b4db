import { GenlockError } from '../../domain/error.ts';
import type { Attempt } from '../../domain/generation.ts';
import {
  type AttemptSummary,
  decideRetry,
  type Failure,
  type RetryDecision,
} from '../../domain/retry-decision.ts';
import type { RouteRef } from '../../store/port.ts';
import { endOf, fail } from './end.ts';
import type { Current, Job } from './job.ts';

const UNSAFE = { safeToResend: false };

/** Another attempt later, or the end. */
export async function afterFailure(job: Job, current: Current, error: GenlockError): Promise<void> {
  const { core, generation, worker } = job;
  const before = job.attempts.filter(({ n }) => n < current.n);
  const history = [
    ...summarize(before, job.routes),
    { route: routeIndex(current, job.routes), error: error.code },
  ];
  const decision = decide(job, current.provider, failureOf(error), history, core.random());
  const fields = {
    generation: generation.id,
    attempt: current.n,
    provider: current.provider,
    error: error.code,
  };
  core.log.warn({ ...fields, raw: error.detail.raw, next: decision.kind }, 'attempt failed');
  if (decision.kind === 'fail') {
    const final =
      decision.error === error.code ? error : new GenlockError(decision.error, undefined, error.detail);
    return fail(job, final, current.n);
  }
  const now = core.now();
  await core.store.postpone({
    generationId: generation.id,
    worker,
    now,
    dueAt: now + decision.delayMs,
    attempt: endOf(current.n, error),
  });
}

/** The decision that postponed the last attempt, taken again: it is pure, so it need not be stored. */
export function nextRoute(job: Job): RouteRef | undefined {
  const last = job.attempts.at(-1);
  if (last === undefined) return job.routes[0];
  const current = routeIndex(last, job.routes);
  const failure: Failure = {
    error: last.error?.code ?? 'upstream_failed',
    ambiguous: last.outcome === 'outcome_unknown',
  };
  const decision = decide(job, last.provider, failure, summarize(job.attempts, job.routes), 0);
  return job.routes[decision.kind === 'next_route' ? current + 1 : current];
}

function decide(
  job: Job,
  provider: string,
  failure: Failure,
  history: readonly AttemptSummary[],
  random: number,
): RetryDecision {
  const traits = job.core.providers.get(provider)?.capabilities ?? UNSAFE;
  return decideRetry(failure, history, job.routes.length, traits, job.core.config().retries, random);
}

function failureOf({ code, detail }: GenlockError): Failure {
  const ambiguous = detail.accepted === 'maybe';
  return {
    error: code,
    ambiguous,
    done: detail.accepted === 'yes',
    ...(detail.retryAfterMs !== undefined && { retryAfterMs: detail.retryAfterMs }),
  };
}

function summarize(attempts: readonly Attempt[], routes: readonly RouteRef[]): AttemptSummary[] {
  return attempts.map((attempt) => ({
    route: routeIndex(attempt, routes),
    error: attempt.error?.code ?? 'upstream_failed',
  }));
}

function routeIndex({ provider, model }: RouteRef, routes: readonly RouteRef[]): number {
  return Math.max(
    0,
    routes.findIndex((route) => route.provider === provider && route.model === model),
  );
}
