/*
 * Every metric, as data: the registry is built from it, and docs/observability.md is compared with it. Labels have few values: names of
 * dialects, routes, models and providers come from the operator or from us, never from a caller.
 */

interface Described<Labels extends readonly string[]> {
  readonly name: string;
  readonly help: string;
  readonly labels: Labels;
  /** The value of one unit of the program in units of the metric: amounts are counted in whole micro-dollars. */
  readonly scale?: number;
}
export interface CounterSpec<Labels extends readonly string[] = readonly string[]> extends Described<Labels> {
  readonly type: 'counter';
}
export interface GaugeSpec<Labels extends readonly string[] = readonly string[]> extends Described<Labels> {
  readonly type: 'gauge';
}
export interface HistogramSpec<Labels extends readonly string[] = readonly string[]>
  extends Described<Labels> {
  readonly type: 'histogram';
  /** Upper bounds, rising. A bucket without an upper bound follows the last one. */
  readonly buckets: readonly number[];
}
export type Spec = CounterSpec | GaugeSpec | HistogramSpec;

const USD = 1e-6;
/** In seconds. Answers, writes and attempts differ by orders of magnitude. */
const CALL = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];
const WRITE = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const JOB = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];
const BATCH = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

function counter<const Labels extends readonly string[]>(
  name: string,
  labels: Labels,
  help: string,
  scale = 1,
): CounterSpec<Labels> {
  return { type: 'counter', name, labels, help, scale };
}

function gauge<const Labels extends readonly string[]>(
  name: string,
  labels: Labels,
  help: string,
  scale = 1,
): GaugeSpec<Labels> {
  return { type: 'gauge', name, labels, help, scale };
}

function histogram<const Labels extends readonly string[]>(
  name: string,
  labels: Labels,
  buckets: readonly number[],
  help: string,
): HistogramSpec<Labels> {
  return { type: 'histogram', name, labels, buckets, help };
}

export const CATALOGUE = {
  httpRequests: counter(
    'genlock_http_requests_total',
    ['dialect', 'route', 'status'],
    'HTTP requests, by class of status. gone: the caller left before its answer was complete.',
  ),
  httpSeconds: histogram(
    'genlock_http_request_duration_seconds',
    ['dialect', 'route'],
    CALL,
    'Time from the first byte of a request to the last byte of its answer. Event streams are not included.',
  ),
  streamsOpen: gauge('genlock_sse_streams_open', ['dialect'], 'Event streams that are open now.'),
  refusals: counter(
    'genlock_refusals_total',
    ['dialect', 'code'],
    'Errors in answers to callers, by canonical code.',
  ),
  limitRefusals: counter(
    'genlock_limit_refusals_total',
    ['dialect', 'limit'],
    'Calls over a rate limit. The limit of calls without a key is named address.',
  ),
  limiterUnreachable: counter(
    'genlock_limiter_unreachable_total',
    ['dialect', 'limit', 'choice'],
    'Calls that could not be checked against their rate limit. choice says whether they were refused or allowed.',
  ),

  money: counter(
    'genlock_money_usd_total',
    ['dialect', 'movement'],
    'US dollars by movement: held, captured, released or topped_up.',
    USD,
  ),
  drift: gauge(
    'genlock_ledger_drift_usd',
    [],
    'Difference between balances and ledger in the last reconcile. Absent before the first reconcile.',
    USD,
  ),
  holdsOpen: gauge(
    'genlock_holds_open',
    [],
    'Holds that are neither captured nor released, counted up to 10,000.',
  ),
  holdsOpenUsd: gauge(
    'genlock_holds_open_usd',
    [],
    'Sum of the holds in genlock_holds_open, in US dollars.',
    USD,
  ),

  jobsAdmitted: counter(
    'genlock_jobs_admitted_total',
    ['dialect', 'kind', 'model', 'mode'],
    'Generations that were admitted. Models that callers trained are named custom.',
  ),
  jobsEnded: counter(
    'genlock_jobs_ended_total',
    ['dialect', 'kind', 'model', 'mode', 'status'],
    'Generations that ended as succeeded, failed or canceled.',
  ),
  jobFailures: counter(
    'genlock_job_failures_total',
    ['dialect', 'kind', 'code'],
    'Generations that failed, by canonical code.',
  ),
  jobQueueSeconds: histogram(
    'genlock_job_queue_seconds',
    ['dialect', 'kind'],
    JOB,
    'Time from the admission of a generation to its first run, recorded when it ends.',
  ),
  jobRunSeconds: histogram(
    'genlock_job_run_seconds',
    ['dialect', 'kind', 'status'],
    JOB,
    'Time from the first run of a generation to its end, including the pauses between attempts.',
  ),
  jobsWaiting: gauge(
    'genlock_jobs_waiting',
    [],
    'Generations that wait for a worker or for their next attempt, counted up to 10,000.',
  ),
  jobsRunning: gauge('genlock_jobs_running', [], 'Generations under a lease now, counted up to 10,000.'),
  queueAge: gauge(
    'genlock_queue_oldest_due_seconds',
    [],
    'How long the oldest generation that could run has waited for a worker.',
  ),

  attempts: counter(
    'genlock_attempts_total',
    ['provider', 'model', 'outcome', 'code'],
    'Attempts at providers, by how they ended. code is none for an attempt that succeeded or was canceled.',
  ),
  attemptSeconds: histogram(
    'genlock_attempt_duration_seconds',
    ['provider', 'model'],
    JOB,
    'Duration of the attempts that this process carried to their end.',
  ),
  abandoned: counter(
    'genlock_abandoned_attempts_total',
    ['provider', 'outcome'],
    'What became of attempts that were still under way when their generation ended: canceled, failed, late or outcome_unknown. The last two may have to be paid for.',
  ),
  routeCharged: counter(
    'genlock_route_charged_usd_total',
    ['provider', 'model'],
    'US dollars that callers were charged for work on a route.',
    USD,
  ),
  routeCost: counter(
    'genlock_route_cost_usd_total',
    ['provider', 'model'],
    'US dollars that work on a route cost you, where the provider reports it.',
    USD,
  ),
  lostCalls: counter(
    'genlock_lost_calls_total',
    ['provider', 'model'],
    'Calls of unknown fate within attempts that are made of several calls, files of a result that could not be fetched or used, and calls whose whole result was unusable. They may have to be paid for.',
  ),
  routeHealth: gauge(
    'genlock_route_health',
    ['provider', 'model'],
    '1: calls pass. 0.5: a single call is tried. 0: no call is sent.',
  ),

  webhookAttempts: counter(
    'genlock_webhook_attempts_total',
    ['dialect', 'outcome'],
    'Webhook attempts, by outcome: delivered, retry (another attempt follows) or given_up.',
  ),
  webhookSeconds: histogram(
    'genlock_webhook_duration_seconds',
    ['dialect'],
    CALL,
    'Time that receivers of webhooks took to answer or to fail.',
  ),
  webhooksPending: gauge(
    'genlock_webhooks_pending',
    [],
    'Webhooks that are still to be sent, counted up to 10,000.',
  ),
  webhookLag: gauge('genlock_webhook_lag_seconds', [], 'How long the most overdue webhook has been due.'),

  storeWriteSeconds: histogram(
    'genlock_store_write_duration_seconds',
    [],
    WRITE,
    'Time from handing a batch of writes to the store until it is on disk.',
  ),
  storeBatch: histogram('genlock_store_write_batch_size', [], BATCH, 'Writes in one batch.'),
  storeFailures: counter(
    'genlock_store_write_failures_total',
    [],
    'Writes that the storage itself refused, for example because of a full disk or a lock that it could not get.',
  ),
  storeUp: gauge('genlock_store_up', [], '1 if the store could be read for this answer, else 0.'),

  info: gauge('genlock_info', ['version'], 'Always 1. The label version is the version of the program.'),
} as const satisfies Readonly<Record<string, Spec>>;

export type Catalogue = typeof CATALOGUE;
