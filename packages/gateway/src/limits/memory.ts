import { freshWindow, giveBackToWindow, peekAtWindow, takeFromWindow, type WindowState } from './fixed.ts';
import { type FlowState, fullBucket, giveBackToFlow, peekAtFlow, takeFromFlow } from './flow.ts';
import type { LimitClaim, Limiter, LimitVerdict } from './port.ts';

const MINUTE_MS = 60_000;
const DEFAULT_MAX_BUCKETS = 1_000_000;

type State = FlowState | WindowState;

export interface MemoryLimiter extends Limiter {
  take(claim: LimitClaim): LimitVerdict;
  peek(claim: LimitClaim): LimitVerdict;
  giveBack(claim: LimitClaim): LimitVerdict;
  /** Buckets in memory now. */
  readonly size: number;
}

/**
 * The buckets of one process. An untouched token bucket is full after a minute, and a window is over by then; either is the same as
 * none. So buckets live in two generations that change places each minute, and what was not touched for a whole one is forgotten. A
 * flood of new names makes them change earlier, so that memory is bounded by `maxBuckets`: a bucket forgotten then starts anew,
 * which errs for the caller.
 *
 * `perMinute` of 0 lets nothing pass, and is told to come back in a minute.
 */
export function createMemoryLimiter({ maxBuckets = DEFAULT_MAX_BUCKETS } = {}): MemoryLimiter {
  let young = new Map<string, State>();
  let old = new Map<string, State>();
  let turnAt = Number.NEGATIVE_INFINITY;

  function kept<Kept extends State>({ bucket, now }: LimitClaim, fresh: () => Kept): Kept {
    if (now >= turnAt || young.size >= maxBuckets / 2) {
      // After two silent minutes nothing in either generation is worth keeping.
      old = now >= turnAt + MINUTE_MS ? new Map() : young;
      young = new Map();
      turnAt = now + MINUTE_MS;
    }
    let state = young.get(bucket);
    if (state === undefined) {
      state = old.get(bucket);
      if (state === undefined) state = fresh();
      else old.delete(bucket);
      young.set(bucket, state);
    }
    return state as Kept;
  }

  /** Looking is not touching: no bucket is made for it, and none kept. */
  function seen<Seen extends State>({ bucket }: LimitClaim, fresh: () => Seen): Seen {
    return (young.get(bucket) ?? old.get(bucket) ?? fresh()) as Seen;
  }

  return {
    get size() {
      return young.size + old.size;
    },

    take(claim) {
      const { now } = claim;
      const limit = limitOf(claim);
      return claim.kind === 'fixed'
        ? takeFromWindow(
            kept(claim, () => freshWindow(now)),
            limit,
            now,
          )
        : takeFromFlow(
            kept(claim, () => fullBucket(limit, now)),
            limit,
            now,
          );
    },

    peek(claim) {
      const { now } = claim;
      const limit = limitOf(claim);
      return claim.kind === 'fixed'
        ? peekAtWindow(
            seen(claim, () => freshWindow(now)),
            limit,
            now,
          )
        : peekAtFlow(
            seen(claim, () => fullBucket(limit, now)),
            limit,
            now,
          );
    },

    giveBack(claim) {
      const { now } = claim;
      const limit = limitOf(claim);
      return claim.kind === 'fixed'
        ? giveBackToWindow(
            kept(claim, () => freshWindow(now)),
            limit,
            now,
          )
        : giveBackToFlow(
            kept(claim, () => fullBucket(limit, now)),
            limit,
            now,
          );
    },

    async close() {
      young.clear();
      old.clear();
    },
  };
}

function limitOf({ perMinute }: LimitClaim): number {
  return Math.max(0, Math.floor(perMinute));
}
