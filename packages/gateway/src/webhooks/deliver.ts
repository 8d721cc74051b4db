import type { Delivery, DeliveryAttempt, DeliveryResult, Store } from '../store/port.ts';
import type { Log } from '../telemetry/log.ts';
import { type Metrics, noMetrics } from '../telemetry/metrics.ts';
import { noTraces, type Span, type Traces } from '../telemetry/traces.ts';
import { type AttemptParts, attemptDelivery, isDelivered } from './attempt.ts';
import { HostQueue } from './host-queue.ts';
import type { WebhookScheme } from './port.ts';

export interface DelivererOptions extends AttemptParts {
  readonly store: Pick<
    Store,
    'claimDeliveries' | 'recordDelivery' | 'nextDue' | 'releaseLeases' | 'subscribe' | 'updateEndpoint'
  >;
  /** Undefined: the dialect no longer exists, so its deliveries fail. */
  readonly schemeOf: (dialect: string) => WebhookScheme | undefined;
  readonly worker: string;
  /** The most attempts under way at once in this process. */
  readonly concurrency?: number;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly traces?: Traces;
}

export interface Deliverer {
  start(): void;
  /** Claims no more. Resolves when the attempts under way are recorded, at the latest after the longest time-out of a scheme. */
  drain(): Promise<void>;
}

const DEFAULT_CONCURRENCY = 64;
const MAX_PER_HOST = 8;
/**
 * The most claimed deliveries that wait for a slot of one slow host. Further ones are dropped here: their leases run out and they are
 * claimed again.
 */
const MAX_WAITING_PER_HOST = 200;
/** Time for an attempt and for some others of the same host before it. Longer if receivers are given longer. */
const LEASE_MS = 60_000;
/** A delivery that was claimed at most this long ago is attempted even if its time-out ends after the lease. */
const FRESH_MS = 1_000;
/** Time to write the outcome before another process may claim the delivery. */
const RECORD_MS = 5_000;
/** Other processes may write without our being notified. */
const POLL_MS = 1_000;
/** Many settlements come at the same time; one claim in this time is enough for them. */
const GATHER_MS = 10;

/** By status, the label of the metric. */
const OUTCOMES = { delivered: 'delivered', pending: 'retry', failed: 'given_up' } as const;

interface Held {
  readonly delivery: Delivery;
  readonly scheme: WebhookScheme;
  readonly claimedAt: number;
  readonly leaseUntil: number;
}

/**
 * Sends what is due in the outbox. All its state is in the store: after a crash the leases run out and another process continues. After a
 * lost lease a webhook may be sent twice, but it is never left out. Receivers recognise a repetition by the delivery's id, which is in the
 * body.
 */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const {
    store,
    schemeOf,
    now,
    log,
    metrics = noMetrics,
    traces = noTraces,
    concurrency = DEFAULT_CONCURRENCY,
  } = options;
  // A separate name, because the leases of a worker's name are renewed and released all together.
  const worker = `${options.worker}/webhooks`;
  const queue = new HostQueue<Held>(concurrency, Math.max(1, Math.min(MAX_PER_HOST, concurrency >> 2)));
  /** Deliveries that are queued or under way in this process. */
  const held = new Set<string>();
  const underWay = new Set<Promise<void>>();
  /** When this process's own failed attempts are due again. */
  const repeats = new Set<number>();

  let longestMs = 0;
  let running = false;
  let unsubscribe = () => {};
  let timer: NodeJS.Timeout | undefined;
  let wakeAt = Number.POSITIVE_INFINITY;
  let claiming: Promise<void> | undefined;
  let claimAgain = false;

  function wakeIn(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (!running || at >= wakeAt) return;
    wakeAt = at;
    clearTimeout(timer);
    timer = setTimeout(onWake, delayMs).unref();
  }

  function onWake(): void {
    wakeAt = Number.POSITIVE_INFINITY;
    claim();
  }

  function claim(): void {
    if (!running) return;
    claimAgain = claiming !== undefined;
    if (claimAgain) return;
    claiming = claimDue()
      .catch((error: unknown) => {
        log.error({ err: error }, 'webhooks could not be claimed');
        wakeIn(POLL_MS);
      })
      .finally(() => {
        claiming = undefined;
        if (claimAgain) wakeIn(GATHER_MS);
      });
  }

  async function claimDue(): Promise<void> {
    // If all slots are taken, the next claim is made when one becomes free.
    while (running && queue.free > 0) {
      const due = await store.nextDue('deliveries');
      const limit = queue.free;
      const claimedAt = now();
      const leaseUntil = claimedAt + Math.max(LEASE_MS, 2 * longestMs + RECORD_MS);
      const claimed =
        due !== null && due <= claimedAt
          ? await store.claimDeliveries({ worker, limit, now: claimedAt, leaseUntil })
          : [];
      for (const delivery of claimed) take(delivery, claimedAt, leaseUntil);
      launch();
      if (claimed.length === limit) continue;

      const at = now();
      let delay = POLL_MS;
      if (due !== null && due > at) delay = Math.min(delay, Math.max(GATHER_MS, due - at));
      for (const repeat of repeats) {
        if (repeat <= at) repeats.delete(repeat);
        else delay = Math.min(delay, repeat - at);
      }
      wakeIn(delay);
      return;
    }
  }

  function take(delivery: Delivery, claimedAt: number, leaseUntil: number): void {
    if (held.has(delivery.id)) return;
    const scheme = schemeOf(delivery.dialect);
    if (scheme === undefined) {
      const attempt = { at: now(), status: null, error: 'this dialect sends no webhooks' };
      void record(delivery, { id: delivery.id, worker, attempt, status: 'failed', nextAttemptAt: null });
      return;
    }
    longestMs = Math.max(longestMs, scheme.timeoutMs);
    const host = URL.canParse(delivery.url) ? new URL(delivery.url).host : '';
    if (queue.waitingFor(host) >= MAX_WAITING_PER_HOST) return;
    held.add(delivery.id);
    queue.add(host, { delivery, scheme, claimedAt, leaseUntil });
  }

  function launch(): void {
    for (let next = queue.next(); next !== undefined; next = queue.next()) {
      const { host, item } = next;
      const work = send(item).finally(() => {
        underWay.delete(work);
        held.delete(item.delivery.id);
        queue.done(host);
        launch();
        wakeIn(0);
      });
      underWay.add(work);
    }
  }

  async function send({ delivery, scheme, claimedAt, leaseUntil }: Held): Promise<void> {
    if (!running) return;
    // It waited too long: its lease could run out during the attempt, and another process could claim it. It is left until the lease runs
    // out and then claimed again.
    const endsAt = now() + scheme.timeoutMs + RECORD_MS;
    if (endsAt > leaseUntil && now() > claimedAt + FRESH_MS) return;
    const span = traces.begin('webhook', 'client', delivery.traceparent ?? undefined);
    if (traces.enabled) describe(span, delivery);
    const attempt = await attemptDelivery(delivery, scheme, options, span.traceparent);
    if (attempt.status !== null) span.set('http.response.status_code', attempt.status);
    span.end(isDelivered(attempt) ? undefined : 'not_delivered');
    metrics.webhookSeconds.of(delivery.dialect).observe(Math.max(0, now() - attempt.at) / 1000);
    const { status, nextAttemptAt } = verdict(delivery, scheme, attempt, now());
    metrics.webhookAttempts.of(delivery.dialect, OUTCOMES[status]).add();
    if (status === 'failed')
      log.warn({ ...idsOf(delivery), status: attempt.status, reason: attempt.error }, 'webhook given up');
    if (nextAttemptAt !== null) repeats.add(nextAttemptAt);
    await record(delivery, { id: delivery.id, worker, attempt, status, nextAttemptAt });
    if (attempt.status !== null && attempt.status === scheme.goneStatus && delivery.endpointId !== null)
      await retire(delivery.endpointId);
  }

  /** The receiver answered that it is gone. Nothing more is sent to it until its owner enables it again. */
  async function retire(endpointId: string): Promise<void> {
    try {
      await store.updateEndpoint(endpointId, { status: 'disabled' });
    } catch (error) {
      log.error({ err: error, endpoint: endpointId }, 'webhook endpoint not disabled');
    }
  }

  async function record(delivery: Delivery, result: DeliveryResult): Promise<void> {
    try {
      if (!(await store.recordDelivery(result)))
        log.warn(idsOf(delivery), 'webhook lease lost, it may be sent again');
    } catch (error) {
      log.error({ ...idsOf(delivery), err: error }, 'webhook outcome not recorded, it may be sent again');
    }
  }

  return {
    start() {
      if (running) return;
      running = true;
      unsubscribe = store.subscribe((event) => {
        if (event.kind !== 'changed') wakeIn(GATHER_MS);
      });
      claim();
    },

    async drain() {
      if (!running) return;
      running = false;
      unsubscribe();
      clearTimeout(timer);
      wakeAt = Number.POSITIVE_INFINITY;
      await claiming;
      for (const { delivery } of queue.clear()) held.delete(delivery.id);
      await Promise.all(underWay);
      try {
        // Deliveries that were claimed and never begun become due at once, for any process.
        await store.releaseLeases(worker, now());
      } catch (error) {
        log.warn({ err: error }, 'webhook leases not released, they run out by themselves');
      }
    },
  };
}

/** The new state of a delivery after an attempt. Attempts of an earlier round (before the operator redelivered it) count too. */
function verdict(
  delivery: Delivery,
  scheme: WebhookScheme,
  attempt: DeliveryAttempt,
  now: number,
): Pick<DeliveryResult, 'status' | 'nextAttemptAt'> {
  if (isDelivered(attempt)) return { status: 'delivered', nextAttemptAt: null };
  const failed = delivery.attempts.filter((earlier) => !isDelivered(earlier)).length + 1;
  const gone = scheme.goneStatus !== undefined && attempt.status === scheme.goneStatus;
  const delayMs = gone ? undefined : scheme.nextDelayMs(failed);
  if (delayMs === undefined) return { status: 'failed', nextAttemptAt: null };
  return { status: 'pending', nextAttemptAt: now + delayMs };
}

function idsOf({ id, generationId }: Delivery): object {
  return { delivery: id, ...(generationId !== null && { generation: generationId }) };
}

function describe(span: Span, { id, dialect, event, generationId }: Delivery): void {
  span.set('genlock.delivery', id);
  span.set('genlock.dialect', dialect);
  span.set('genlock.event', event);
  if (generationId !== null) span.set('genlock.generation', generationId);
}
