import { GenlockError } from '../domain/error.ts';
import { type Attempt, type Generation, type Progress, textsOf } from '../domain/generation.ts';
import { decideRecovery } from '../domain/recovery-decision.ts';
import {
  type AttemptSummary,
  decideRetry,
  type Failure,
  type RetryDecision,
} from '../domain/retry-decision.ts';
import type { Delivered, PollReply, Provider, ProviderCall } from '../providers/port.ts';
import type { ClaimedGeneration, EndAttempt, RouteRef, SettleOutcome } from '../store/port.ts';
import { collect } from './collect.ts';
import type { Core } from './core.ts';
import { deliveriesFor } from './deliveries.ts';
import { findModel } from './find-model.ts';
import { type Firmness, firmly, pause } from './firmly.ts';
import { newId } from './ids.ts';
import { type Settlement, settle } from './settle.ts';
import { fetchSource, readArtifact } from './sources.ts';

/** Why a run was stopped. After `deadline` it is failed here; otherwise its end is, or will be, somebody else's. */
export type StopReason = 'deadline' | 'canceled' | 'lease_lost' | 'draining';

interface Run {
  readonly core: Core;
  readonly generation: Generation;
  readonly attempts: readonly Attempt[];
  readonly routes: readonly RouteRef[];
  readonly worker: string;
  readonly stop: AbortController;
  /** What the provider told last: the end is told with it. */
  progress: Progress | null;
}

/** The attempt that is being made: which one, and where. */
interface Current extends RouteRef {
  readonly n: number;
}

const UNSAFE = { safeToResend: false };

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
  const routes =
    (await findModel(core, generation.dialect, generation.model, generation.accountId))?.routes ?? [];
  const job: Run = { core, generation, attempts, routes, worker, stop, progress: generation.progress };
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

async function step(job: Run): Promise<void> {
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
      return attempt(job, recovery.attempt, (provider, call) => reconcile(job, provider, call));
  }
}

const DIED = { accepted: 'maybe', raw: 'the worker died during the call' } as const;

async function startNext(job: Run): Promise<void> {
  const { core, generation, routes, attempts, worker } = job;
  if (core.now() >= generation.deadlineAt) return fail(job, new GenlockError('upstream_timeout'));
  const dialect = core.dialects.get(generation.dialect);
  if (dialect?.moderation === 'in_the_job' && !(await core.moderator().allows(textsOf(generation.request)))) {
    return fail(job, new GenlockError('content_rejected'));
  }
  const route = routes[nextRoute(job)];
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
  return attempt(job, current, async (provider, call) => {
    const reply = await provider.submit(call);
    if (reply.state === 'finished') return reply;
    await keepUpstreamId(job, current.n, reply.upstreamId);
    await pause(reply.pollAfterMs, call.signal);
    return poll(job, provider, call, reply.upstreamId);
  });
}

async function attempt(
  job: Run,
  current: Current,
  obtain: (provider: Provider, call: ProviderCall) => Promise<Delivered>,
): Promise<void> {
  const { core, generation, stop } = job;
  let outcome: SettleOutcome;
  try {
    const provider = core.providers.get(current.provider);
    if (provider === undefined)
      throw new GenlockError('no_route', undefined, { raw: `no provider ${current.provider}` });
    const delivered = await obtain(provider, callOf(job, current));
    const keep = () => collect(core, generation, delivered);
    // What was paid for upstream is not thrown away because a file could not be written at once.
    const collected = provider.capabilities.safeToResend
      ? await keep()
      : await firmly(keep, { ...firmness(job), repeats: isStorageFault });
    outcome = { status: 'succeeded', ...collected };
  } catch (thrown) {
    if (stop.signal.reason === 'deadline') {
      return fail(job, new GenlockError('upstream_timeout', undefined, { raw: String(thrown) }), current.n);
    }
    if (stop.signal.aborted) return;
    return afterFailure(job, current, GenlockError.from(thrown, 'upstream_failed'));
  }
  await settleFirmly(job, { outcome, attempt: { n: current.n, outcome: 'succeeded', error: null } });
}

function firmness({ core, generation, stop }: Run): Firmness {
  return { log: core.log, generationId: generation.id, signal: stop.signal };
}

function isStorageFault(error: unknown): boolean {
  return error instanceof GenlockError && error.code === 'storage_unavailable';
}

/**
 * Settles in spite of a store that fails for a while: work that was paid for upstream is not thrown away for that. When the
 * store stays away the lease runs out, and the next claim finds the attempt as it was left.
 */
async function settleFirmly(job: Run, end: Pick<Settlement, 'outcome' | 'attempt'>): Promise<void> {
  const { core, worker } = job;
  const generation = { ...job.generation, progress: job.progress };
  await firmly(() => settle(core, { generation, worker, ...end }), firmness(job));
}

function callOf(job: Run, current: Current): ProviderCall {
  const { core, generation, stop } = job;
  return {
    idempotencyKey: generation.id,
    attempt: current.n,
    model: current.model,
    mode: generation.mode,
    request: generation.request,
    fetchSource: (url) =>
      fetchSource(core, generation, url, stop.signal).catch((thrown) => blameSource(generation, url, thrown)),
    readArtifact: (name) => readArtifact(core, name),
    tell: teller(job),
    signal: stop.signal,
  };
}

function blameSource({ request }: Generation, url: string, thrown: unknown): never {
  const error = GenlockError.from(thrown, 'media_unreadable');
  const source = request.sources?.findIndex((one) => one.url === url) ?? -1;
  throw source < 0 ? error : new GenlockError(error.code, error.message, { ...error.detail, source });
}

const TELL_EVERY_MS = 250;

/** Notes progress now and then, and its end: it may be lost, and must never slow the work down or fail it. */
function teller(job: Run): ProviderCall['tell'] {
  const { core, generation, worker } = job;
  let next = 0;
  return (progress) => {
    job.progress = progress;
    if (core.now() < next && progress.percent < 100) return;
    next = core.now() + TELL_EVERY_MS;
    core.store.noteProgress({ generationId: generation.id, worker }, progress).catch(() => {});
  };
}

async function keepUpstreamId(
  { core, generation, worker, stop }: Run,
  n: number,
  upstreamId: string,
): Promise<void> {
  const mine = await core.store.noteUpstreamId({ generationId: generation.id, worker }, n, upstreamId);
  if (mine) return;
  stop.abort('lease_lost' satisfies StopReason);
  stop.signal.throwIfAborted();
}

async function poll(
  job: Run,
  provider: Provider,
  call: ProviderCall,
  upstreamId: string,
): Promise<Delivered> {
  if (provider.poll === undefined)
    throw new GenlockError('model_misconfigured', undefined, { raw: 'provider cannot poll' });
  try {
    for (let troubles = 0; ; ) {
      const reply = await ask(job, provider.poll(upstreamId, call));
      if (reply?.state === 'finished') return reply;
      if (reply?.state === 'failed') throw reply.error;
      troubles = reply === undefined ? troubles + 1 : 0;
      await pause(reply?.pollAfterMs ?? askAgainAfterMs(job, troubles), call.signal);
    }
  } catch (error) {
    const unwanted = job.stop.signal.reason === 'canceled' || job.stop.signal.reason === 'deadline';
    if (unwanted && provider.capabilities.cancel) await provider.cancel?.(upstreamId).catch(() => {});
    throw error;
  }
}

/** Undefined where it could not be asked: that says nothing about the job. */
async function ask(
  { core, generation, stop }: Run,
  reply: Promise<PollReply>,
): Promise<PollReply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (stop.signal.aborted) throw error;
    core.log.warn({ generation: generation.id, err: error }, 'provider could not be asked');
    return undefined;
  }
}

function askAgainAfterMs({ core }: Run, troubles: number): number {
  const { baseDelayMs, maxDelayMs } = core.config().retries;
  return Math.min(maxDelayMs, baseDelayMs * 2 ** troubles) * (0.5 + core.random() / 2);
}

/** A paid call whose fate is unknown: the provider is asked, if it can be, and nothing is ever sent twice. */
async function reconcile(job: Run, provider: Provider, call: ProviderCall): Promise<Delivered> {
  const found = (await provider.find?.(call)) ?? 'unknown';
  if (found === 'unknown') throw new GenlockError('outcome_unknown', undefined, { accepted: 'maybe' });
  if (found === 'never_arrived')
    throw new GenlockError('upstream_failed', undefined, { raw: 'the call never arrived' });
  await keepUpstreamId(job, call.attempt, found.upstreamId);
  return poll(job, provider, call, found.upstreamId);
}

/** Another attempt later, or the end. */
async function afterFailure(job: Run, current: Current, error: GenlockError): Promise<void> {
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
function nextRoute(job: Run): number {
  const last = job.attempts.at(-1);
  if (last === undefined) return 0;
  const current = routeIndex(last, job.routes);
  const failure: Failure = {
    error: last.error?.code ?? 'upstream_failed',
    ambiguous: last.outcome === 'outcome_unknown',
  };
  const decision = decide(job, last.provider, failure, summarize(job.attempts, job.routes), 0);
  return decision.kind === 'next_route' ? current + 1 : current;
}

function decide(
  job: Run,
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

async function fail(job: Run, error: GenlockError, n?: number): Promise<void> {
  const { core, generation } = job;
  const { code, message } = error;
  const { source, reason } = error.detail;
  const requestId = newId('req_', core.now());
  core.log.error({ generation: generation.id, request: requestId, error: error.code }, 'generation failed');
  await settleFirmly(job, {
    outcome: {
      status: 'failed',
      failure: {
        code,
        message,
        requestId,
        ...(source !== undefined && { source }),
        ...(reason !== undefined && { reason }),
      },
    },
    ...(n !== undefined && { attempt: endOf(n, error) }),
  });
}

const MAX_RAW = 2_000;

function endOf(n: number, { code, detail }: GenlockError): EndAttempt {
  return {
    n,
    outcome: detail.accepted === 'maybe' ? 'outcome_unknown' : 'failed',
    error: { code, raw: detail.raw?.slice(0, MAX_RAW) ?? null },
  };
}
