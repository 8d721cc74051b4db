import type { Core } from '../core.ts';

const BATCH = 100;
const SWEEP_EVERY_MS = 60_000;
/** After this time, a blob that no asset names was left by a process that died before it settled. */
const ORPHAN_AGE_MS = 60 * 60 * 1000;
/** Every file is looked at, which takes about 50 µs each: the better part of a minute for a million files. */
const ORPHANS_EVERY_MS = 60 * 60 * 1000;

export type Shelves = Pick<Core, 'store' | 'blobs' | 'now' | 'log'>;

/** Deletes expired assets, then blobs that no asset names. Returns how many blobs were deleted. */
export async function sweepAssets(core: Shelves): Promise<number> {
  return (await sweepExpired(core)) + (await sweepOrphans(core));
}

async function sweepExpired({ store, blobs, now }: Shelves): Promise<number> {
  for (let removed = 0; ; ) {
    const expired = await store.removeExpiredAssets(now(), BATCH);
    for (const blob of expired) await blobs.remove(blob);
    removed += expired.length;
    if (expired.length < BATCH) return removed;
  }
}

async function sweepOrphans({ store, blobs, now }: Shelves): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  const sweep = async (): Promise<void> => {
    const known = new Set(await store.knownBlobs(batch));
    for (const blob of batch.filter((name) => !known.has(name))) {
      await blobs.remove(blob);
      removed += 1;
    }
    batch = [];
  };
  for await (const blob of blobs.list(now() - ORPHAN_AGE_MS)) {
    batch.push(blob);
    if (batch.length === BATCH) await sweep();
  }
  if (batch.length > 0) await sweep();
  return removed;
}

/** Sweeps at intervals, one sweep at a time; returns a function that stops it. */
export function startRetention(core: Shelves): () => void {
  let stopped = false;
  let orphansAt = performance.now();
  let timer: NodeJS.Timeout | undefined;

  const sweep = async (): Promise<void> => {
    await sweepExpired(core);
    if (performance.now() < orphansAt) return;
    await sweepOrphans(core);
    orphansAt = performance.now() + ORPHANS_EVERY_MS;
  };
  // Scheduled only when the sweep before has ended, because a sweep can take longer than the interval.
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      sweep()
        .catch((error) => stopped || core.log.error({ err: error }, 'asset sweep failed'))
        .finally(next);
    }, SWEEP_EVERY_MS);
    timer.unref();
  };
  next();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
