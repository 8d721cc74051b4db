import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLog } from '../../telemetry/log.ts';
import { type Shelves, startRetention } from './retention.ts';

const MINUTE_MS = 60_000;

let expired: number;
let walks: number;
/** A walk over all files waits for this. */
let walk: PromiseWithResolvers<void>;
let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  [expired, walks] = [0, 0];
  walk = Promise.withResolvers();
  const core = {
    store: {
      removeExpiredAssets: async () => {
        expired += 1;
        return [];
      },
    },
    blobs: {
      // biome-ignore lint/correctness/useYield: there is no file
      async *list() {
        walks += 1;
        await walk.promise;
      },
    },
    now: Date.now,
    log: silentLog,
  };
  stop = startRetention(core as unknown as Shelves);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

it('begins no sweep while one is under way, however long that takes', async () => {
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect([expired, walks]).toEqual([1, 1]);
  walk.resolve();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect([expired, walks]).toEqual([2, 1]);
});

it('looks for what has expired every minute, and at every file once an hour', async () => {
  walk.resolve();
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
  expect([expired, walks]).toEqual([60, 1]);
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
  expect([expired, walks]).toEqual([120, 2]);
});

it('does nothing any more once it is stopped', async () => {
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  stop();
  walk.resolve();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect([expired, walks]).toEqual([1, 1]);
});
