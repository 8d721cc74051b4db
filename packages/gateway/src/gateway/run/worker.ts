import type { ClaimedGeneration } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { observeStarted } from '../metrics/observe.ts';
import { boundsOf } from './bounds.ts';
import { followAbandoned } from './follow-abandoned.ts';
import { Places } from './places.ts';
import { run, type StopReason } from './run.ts';

export interface Worker {
  start(): void;
  /**
   * Claims nothing more, lets running work finish within `graceMs`, stops what is left (which may take some seconds more), and gives the
   * leases back.
   */
  drain(graceMs: number): Promise<void>;
}

/** The most that one claim takes, so that a batch never occupies the store for long. */
const CLAIM_BATCH = 64;
/** The time that stopped runs have to write what became of them: what was bought until then, or the id of a job that was just ordered. */
const LAST_WORDS_MS = 4_000;
/** How often an idle worker looks for work, in case a notification was lost. */
const IDLE_MS = 1_000;

/** How long after a run broke off its job is taken up again. If the store cannot be written then, its lease runs out instead. */
const BROKE_OFF_MS = 1_000;

/** How often a worker looks that has places left, but none for the accounts whose work is due. */
const PARTIAL_MS = 100;

/** Claims due generations under leases and runs as many at once as there are places. `id` is unique to the process. */
export function createWorker(core: Core, id: string): Worker {
  const running = new Map<string, AbortController>();
  /** Generations that were claimed again while they ran. */
  const again = new Set<string>();
  const idle = new Set<() => void>();
  let stopped = false;
  let wake = (): void => {};
  let renewal: NodeJS.Timeout | undefined;
  let unsubscribe = (): void => {};
  let loop: Promise<void> = Promise.resolve();
  let stopFollowing = async (): Promise<void> => {};
  const places = new Places(
    () => boundsOf(core.config().worker),
    () => wake(),
  );

  const launch = (claimed: ClaimedGeneration): void => {
    const { id: generationId } = claimed.generation;
    // Two causes. Its lease ran out while the clock jumped or the machine slept; claiming it has renewed the lease. Or the run that is just
    // ending had postponed it; if this claim were ignored, the lease would be renewed for ever and nobody could work on it.
    if (running.has(generationId)) {
      again.add(generationId);
      return;
    }
    if (claimed.started) observeStarted(core, claimed.generation);
    const stop = new AbortController();
    running.set(generationId, stop);
    const place = places.enter(claimed.generation, stop.signal);
    run(core, claimed, id, stop, place)
      .catch((error) => {
        core.log.error({ generation: generationId, err: error }, 'run broke off');
        giveBack(generationId, BROKE_OFF_MS);
      })
      .finally(() => {
        running.delete(generationId);
        place.leave();
        if (again.delete(generationId)) giveBack(generationId);
        wake();
        if (running.size === 0) for (const resolve of idle) resolve();
      });
  };

  /** Makes it claimable again. Does nothing if the run has ended it, or has given it back itself. */
  const giveBack = (generationId: string, afterMs = 0): void => {
    const now = core.now();
    core.store
      .postpone({ generationId, worker: id, now, dueAt: now + afterMs })
      .catch((error) => core.log.error({ generation: generationId, err: error }, 'lease not given back'));
  };

  /** Claims once. Returns how long to sleep in milliseconds unless woken; 0: there may be more to claim at once. */
  const claim = async (): Promise<number> => {
    const { leaseMs } = core.config().worker;
    const { limit, room, partial, scarce } = places.room(CLAIM_BATCH);
    if (limit <= 0) {
      places.claimed(scarce);
      return IDLE_MS; // woken when the next generation ends or starts to wait
    }
    const now = core.now();
    const claimed = await core.store.claim({ worker: id, limit, now, leaseUntil: now + leaseMs, room });
    for (const one of claimed) launch(one);
    const full = claimed.length === limit;
    places.claimed(full || scarce);
    if (full) return 0;
    // What is due may belong to accounts that are at their bound. When work of theirs ends, the worker is woken; work of other accounts may
    // become due soon.
    if (partial) return PARTIAL_MS;
    const due = await core.store.nextDue('generations');
    return due === null ? IDLE_MS : Math.min(IDLE_MS, Math.max(1, due - core.now()));
  };

  const work = async (): Promise<void> => {
    while (!stopped) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      wake = resolve; // set before the claim, so that work that arrives during the claim wakes the worker
      const sleepMs = await claim().catch((error) => {
        core.log.error({ err: error }, 'worker could not claim');
        places.claimed(true);
        return IDLE_MS;
      });
      if (sleepMs === 0) continue;
      const timer = setTimeout(resolve, sleepMs);
      await woken;
      clearTimeout(timer);
    }
  };

  const allEnded = async (withinMs: number): Promise<void> => {
    if (running.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    idle.add(resolve);
    const timer = setTimeout(resolve, withinMs);
    await promise;
    clearTimeout(timer);
    idle.delete(resolve);
  };

  const stopRun = (generationId: string, reason: StopReason): void =>
    running.get(generationId)?.abort(reason);

  return {
    start() {
      unsubscribe = core.store.subscribe((event) => {
        if (event.kind === 'changed' && event.status === 'canceled') stopRun(event.generationId, 'canceled');
        else if (event.kind !== 'changed') wake();
      });
      const { leaseMs } = core.config().worker;
      renewal = setInterval(() => {
        if (running.size === 0) return;
        core.store
          .renewLeases(id, core.now() + leaseMs, [...running.keys()])
          .catch((error) => core.log.error({ err: error }, 'leases not renewed'));
      }, leaseMs / 3);
      renewal.unref();
      loop = work();
      stopFollowing = followAbandoned(core);
    },

    async drain(graceMs) {
      stopped = true;
      wake();
      await loop;
      places.claimed(false);
      await allEnded(graceMs);
      for (const generationId of running.keys()) stopRun(generationId, 'draining');
      await allEnded(LAST_WORDS_MS);
      clearInterval(renewal);
      unsubscribe();
      await stopFollowing();
      await core.store.releaseLeases(id, core.now());
    },
  };
}
