import type { WorkerSettings } from '../../config/config.ts';
import type { Bound, Bounds } from './places.ts';

/** The settings as numbers of generations. Everybody has at least one place. */
export function boundsOf({ concurrency, followed, accountShare, testShare }: WorkerSettings): Bounds {
  const bound = (all: number): Bound => ({
    all,
    account: Math.max(1, Math.floor(all * accountShare)),
    test: Math.max(1, Math.floor(all * testShare)),
  });
  return { working: bound(concurrency), held: bound(Math.max(concurrency, followed)) };
}
