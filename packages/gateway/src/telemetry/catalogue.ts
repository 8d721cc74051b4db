/*
 * Everything that is counted and measured, as data: the registry is built from it, and docs/observability.md is compared with it.
 * Labels have few values each: names of dialects, routes, models and providers are the operator's or ours, never a caller's.
 */

interface Described<Labels extends readonly string[]> {
  readonly name: string;
  readonly help: string;
  readonly labels: Labels;
  /** What one unit of the program is in units of the metric: amounts are counted as whole micro-dollars. */
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
  /** Upper bounds, rising; the last one is followed by infinity. */
  readonly buckets: readonly number[];
}
export type Spec = CounterSpec | GaugeSpec | HistogramSpec;

const USD = 1e-6;
/** Seconds: an answer, a write and an attempt differ by orders of magnitude. */
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
    'HTTP requests by class of status; gone: the caller left before its answer was whole.',
  ),
  httpSeconds: histogram(
    'genlock_http_request_duration_seconds',
    ['dialect', 'route'],
    CALL,
    'From the first byte of a request to the last of its answer; event streams are left out.',
  ),
  streamsOpen: gauge('genlock_sse_streams_open', ['dialect'], 'Event streams that are open now.'),
  refusals: counter(
    'genlock_refusals_total',
    ['dialect', 'code'],
    'Errors that callers were told, by canonical code.',
  ),
  limitRefusals: counter(
    'genlock_limit_refusals_total',
    ['dialect', 'limit'],
    'Calls over a rate limit; the limit of calls without a key is named address.',
  ),
  limiterUnreachable: counter(
    'genlock_limiter_unreachable_total',
    ['dialect', 'limit', 'choice'],
    'Calls whose rate limit could not be asked about; choice says whether they were refused or allowed.',
  ),

  money: counter(
    'genlock_money_usd_total',
    ['dialect', 'movement'],
    'US dollars that were held, captured, released and topped_up.',
    USD,
  ),
  drift: gauge(
    'genlock_ledger_drift_usd',
    [],
    'What the last reconcile found between balances and ledger; absent before the first one.',
    USD,
  ),
  holdsOpen: gauge(
    'genlock_holds_open',
    [],
    'Holds that are neither captured nor released; counts to 10,000.',
  ),
  holdsOpenUsd: gauge('genlock_holds_open_usd', [], 'What those holds add up to.', USD),

  jobsAdmitted: counter(
    'genlock_jobs_admitted_total',
    ['dialect', 'kind', 'model', 'mode'],
    'Generations that were taken on; models that callers made are named custom.',
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
    'From the admission of a generation to its first run, told at its end.',
  ),
  jobRunSeconds: histogram(
    'genlock_job_run_seconds',
    ['dialect', 'kind', 'status'],
    JOB,
    'From the first run of a generation to its end, pauses between attempts included.',
  ),
  jobsWaiting: gauge(
    'genlock_jobs_waiting',
    [],
    'Generations that wait for a worker or for their next attempt; counts to 10,000.',
  ),
  jobsRunning: gauge('genlock_jobs_running', [], 'Generations under a lease now; counts to 10,000.'),
  queueAge: gauge(
    'genlock_queue_oldest_due_seconds',
    [],
    'How long the oldest generation that could run has waited for a worker.',
  ),

  attempts: counter(
    'genlock_attempts_total',
    ['provider', 'model', 'outcome', 'code'],
    'Attempts at providers by their end; code is none where it succeeded or was canceled.',
  ),
  attemptSeconds: histogram(
    'genlock_attempt_duration_seconds',
    ['provider', 'model'],
    JOB,
    'How long attempts took that this process made to their end.',
  ),
  abandoned: counter(
    'genlock_abandoned_attempts_total',
    ['provider', 'outcome'],
    'What became of attempts that their generation ended without: canceled, failed, late or outcome_unknown. The last two may have to be paid.',
  ),
  routeCharged: counter(
    'genlock_route_charged_usd_total',
    ['provider', 'model'],
    'US dollars that callers were charged for the work of a route.',
    USD,
  ),
  routeCost: counter(
    'genlock_route_cost_usd_total',
    ['provider', 'model'],
    'US dollars that the work of a route costs you, where its provider says so.',
    USD,
  ),
  lostCalls: counter(
    'genlock_lost_calls_total',
    ['provider', 'model'],
    'Calls of unknown fate within attempts that are made of several, and files of a result that could not be fetched. They may have to be paid.',
  ),
  routeHealth: gauge(
    'genlock_route_health',
    ['provider', 'model'],
    '1: calls pass; 0.5: one is let through to see; 0: none is sent.',
  ),

  webhookAttempts: counter(
    'genlock_webhook_attempts_total',
    ['dialect', 'outcome'],
    'Webhook attempts: delivered, retry (another one follows) and given_up.',
  ),
  webhookSeconds: histogram(
    'genlock_webhook_duration_seconds',
    ['dialect'],
    CALL,
    'How long receivers of webhooks took to answer, or to fail.',
  ),
  webhooksPending: gauge('genlock_webhooks_pending', [], 'Webhooks to be sent yet; counts to 10,000.'),
  webhookLag: gauge(
    'genlock_webhook_lag_seconds',
    [],
    'How long the webhook that is most overdue has been due.',
  ),

  storeWriteSeconds: histogram(
    'genlock_store_write_duration_seconds',
    [],
    WRITE,
    'From handing a batch of writes to the store until it is on the disk.',
  ),
  storeBatch: histogram('genlock_store_write_batch_size', [], BATCH, 'Writes in one batch.'),
  storeFailures: counter(
    'genlock_store_write_failures_total',
    [],
    'Writes that the storage itself refused: a full disk, a lock that was not to be had.',
  ),
  storeUp: gauge('genlock_store_up', [], '1 where the store could be read for this answer, else 0.'),

  info: gauge('genlock_info', ['version'], 'Always 1; the label tells the version of the program.'),
} as const satisfies Readonly<Record<string, Spec>>;

export type Catalogue = typeof CATALOGUE;
