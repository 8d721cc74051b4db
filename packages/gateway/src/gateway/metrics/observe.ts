import type { AttemptOutcome, Generation } from '../../domain/generation.ts';
import { formatUsd, type Micros } from '../../domain/money.ts';
import type { RouteRef } from '../../store/port.ts';
import type { Core } from '../core.ts';

/* What the use cases count. Money is counted once its transfer is durable, so that no transfer is counted twice. */

/** The label of all models that callers made, since there may be any number of them. */
export const CUSTOM_MODEL = 'custom';

export function observeAdmitted(
  core: Core,
  generation: Pick<Generation, 'dialect' | 'kind' | 'model' | 'mode' | 'quote'>,
): void {
  const { dialect, kind, mode, quote } = generation;
  core.metrics.jobsAdmitted.of(dialect, kind, modelLabel(core, generation), mode).add();
  move(core, dialect, 'held', quote);
}

/** Called at the first claim of a generation. */
export function observeStarted({ metrics }: Core, { dialect, kind, createdAt, startedAt }: Generation): void {
  if (startedAt !== null) metrics.jobQueueSeconds.of(dialect, kind).observe(seconds(startedAt - createdAt));
}

/** @param ended the generation after settling */
export function observeEnded(core: Core, ended: Generation): void {
  const { dialect, kind, mode, status, failure, quote, charged, startedAt, finishedAt, inline } = ended;
  const { log, metrics } = core;
  const line = {
    generation: ended.id,
    account: ended.accountId,
    dialect,
    model: modelLabel(core, ended),
    status,
    charged_usd: formatUsd(charged ?? 0),
    ...(startedAt !== null && finishedAt !== null && { ms: finishedAt - startedAt }),
  };
  // Inline text already has the log line of its HTTP call.
  if (inline) log.debug(line, 'generation ended');
  else log.info(line, 'generation ended');
  metrics.jobsEnded.of(dialect, kind, modelLabel(core, ended), mode, status).add();
  if (failure !== null) metrics.jobFailures.of(dialect, kind, failure.code).add();
  if (startedAt !== null && finishedAt !== null)
    metrics.jobRunSeconds.of(dialect, kind, status).observe(seconds(finishedAt - startedAt));
  move(core, dialect, 'captured', charged ?? 0);
  move(core, dialect, 'released', quote - (charged ?? 0));
}

/** @param dialect in which it was bought; `none` if the operator credited it */
export function observeTopUp(core: Core, amount: Micros, dialect = 'none'): void {
  move(core, dialect, 'topped_up', amount);
}

export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  /** The canonical error code, if the attempt failed. */
  readonly code?: string;
  /** Absent if another process made the attempt and died during it. */
  readonly tookMs?: number;
}

export function observeAttempt(
  core: Core,
  generation: Generation,
  { provider, model }: RouteRef,
  { outcome, code, tookMs }: AttemptEnd,
): void {
  const label = routeLabel(core, generation, model);
  core.metrics.attempts.of(provider, label, outcome, code ?? 'none').add();
  if (tookMs !== undefined) core.metrics.attemptSeconds.of(provider, label).observe(seconds(tookMs));
}

/** What an attempt earned and cost, once that is stored. */
export interface AttemptBill {
  readonly charged?: Micros;
  readonly cost?: Micros | undefined;
  readonly lostCalls?: number | undefined;
}

export function observeRoute(
  core: Core,
  generation: Generation,
  { provider, model }: RouteRef,
  { charged = 0, cost = 0, lostCalls = 0 }: AttemptBill,
): void {
  const { metrics } = core;
  if (charged > 0) metrics.routeCharged.of(provider, routeLabel(core, generation, model)).add(charged);
  if (cost > 0) metrics.routeCost.of(provider, routeLabel(core, generation, model)).add(cost);
  if (lostCalls > 0) metrics.lostCalls.of(provider, routeLabel(core, generation, model)).add(lostCalls);
}

/** The route of a model that a caller made has the model's name in it, so such routes share one label. */
function routeLabel(core: Core, generation: Generation, model: string): string {
  return modelLabel(core, generation) === CUSTOM_MODEL ? CUSTOM_MODEL : model;
}

function modelLabel({ models }: Core, { dialect, model }: Pick<Generation, 'dialect' | 'model'>): string {
  return models.find(dialect, model) === undefined ? CUSTOM_MODEL : model;
}

function move({ metrics }: Core, dialect: string, movement: string, amount: Micros): void {
  if (amount > 0) metrics.money.of(dialect, movement).add(amount);
}

/** Never negative: the clocks of two machines may differ a little. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1000;
}
