import type { Core } from '../core.ts';

const BATCH = 100;
const SWEEP_EVERY_MS = 60_000;
/** After this time, a blob that no asset names was left by a process that died before it settled. */
const ORPHAN_AGE_MS = 60 * 60 * 1000;

/** Deletes expired assets, then blobs that no asset names. Returns how many blobs were deleted. */
export async function sweepAssets(core: Core): Promise<number> {
  let removed = 0;
  for (;;) {
    const blobs = await core.store.removeExpiredAssets(core.now(), BATCH);
    for (const blob of blobs) await core.blobs.remove(blob);
    removed += blobs.length;
    if (blobs.length < BATCH) break;
  }
  let batch: string[] = [];
  const sweepOrphans = async (): Promise<void> => {
    const known = new Set(await core.store.knownBlobs(batch));
    for (const blob of batch.filter((name) => !known.has(name))) {
      await core.blobs.remove(blob);
      removed += 1;
    }
    batch = [];
  };
  for await (const blob of core.blobs.list(core.now() - ORPHAN_AGE_MS)) {
    batch.push(blob);
    if (batch.length === BATCH) await sweepOrphans();
  }
  if (batch.length > 0) await sweepOrphans();
  return removed;
}

/** Sweeps at intervals; returns a function that stops it. */
export function startRetention(core: Core): () => void {
  const timer = setInterval(() => {
    sweepAssets(core).catch((error) => core.log.error({ err: error }, 'asset sweep failed'));
  }, SWEEP_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
