import type { Core } from '../core.ts';
import { CUSTOM_MODEL } from './observe.ts';

/** Counting stops here, so that measuring a long queue takes no more than a few milliseconds. */
const MOST = 10_000;

const HEALTH = { closed: 1, half_open: 0.5, open: 0 } as const;

/** Measures what is not counted as it happens: the backlog in the store and the health of the routes. Never throws. */
export async function measure(core: Core): Promise<void> {
  measureRoutes(core);
  const { log, metrics } = core;
  try {
    await measureStore(core);
    metrics.storeUp.of().set(1);
  } catch (error) {
    metrics.storeUp.of().set(0);
    for (const gauge of STORED) metrics[gauge].clear();
    log.error({ err: error }, 'the store could not be measured');
  }
}

const STORED = [
  'jobsWaiting',
  'jobsRunning',
  'queueAge',
  'holdsOpen',
  'holdsOpenUsd',
  'webhooksPending',
  'webhookLag',
] as const;

async function measureStore({ metrics, now, store }: Core): Promise<void> {
  const backlog = await store.backlog(MOST);
  const [job, webhook] = [await store.nextDue('generations'), await store.nextDue('deliveries')];
  metrics.jobsWaiting.of().set(Math.max(0, backlog.unfinished - backlog.leased));
  metrics.jobsRunning.of().set(backlog.leased);
  metrics.holdsOpen.of().set(backlog.holds);
  metrics.holdsOpenUsd.of().set(backlog.held);
  metrics.webhooksPending.of().set(backlog.webhooks);
  // Work under a lease becomes due when the lease runs out; until then it does not count as late.
  metrics.queueAge.of().set(secondsSince(job, now()));
  metrics.webhookLag.of().set(secondsSince(webhook, now()));
}

function secondsSince(due: number | null, now: number): number {
  return due === null ? 0 : Math.max(0, now - due) / 1000;
}

/** The routes that this process called lately and that are not healthy. Routes of models that callers made share one label. */
function measureRoutes({ metrics, models, routeBoard }: Core): void {
  metrics.routeHealth.clear();
  const list = routeBoard.list();
  if (list.length === 0) return;
  const known = new Set(models.list().flatMap(({ routes }) => routes.map(({ model }) => model)));
  const worst = new Map<string, number>();
  for (const { provider, model, state, restForMs } of list) {
    const gauge = metrics.routeHealth.of(provider, known.has(model) ? model : CUSTOM_MODEL);
    const name = `${provider}/${known.has(model) ? model : CUSTOM_MODEL}`;
    const health = Math.min(worst.get(name) ?? 1, restForMs === null ? HEALTH[state] : 0);
    worst.set(name, health);
    gauge.set(health);
  }
}
