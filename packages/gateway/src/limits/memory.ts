import type { LimitClaim, Limiter, LimitVerdict } from './port.ts';

/** Millionths of a token would round; in units of 1/60,000 token a minute's flow is a whole number each millisecond. */
const TOKEN = 60_000;
const MINUTE_MS = 60_000;
const DEFAULT_MAX_BUCKETS = 1_000_000;

interface BucketState {
  /** Units in the bucket at `at`. */
  level: number;
  at: number;
  perMinute: number;
}

export interface MemoryLimiter extends Limiter {
  take(claim: LimitClaim): LimitVerdict;
  /** Buckets in memory now. */
  readonly size: number;
}

/**
 * Token buckets of one process. An untouched bucket is full after a minute, and a full one is the same as none; so buckets live in two
 * generations that change places each minute, and what was not touched for a whole one is forgotten. A flood of new names makes
 * them change earlier, so that memory is bounded by `maxBuckets`: a bucket forgotten then starts full, which errs for the caller.
 *
 * `perMinute` of 0 lets nothing pass, and is told to come back in a minute.
 */
export function createMemoryLimiter({ maxBuckets = DEFAULT_MAX_BUCKETS } = {}): MemoryLimiter {
  let young = new Map<string, BucketState>();
  let old = new Map<string, BucketState>();
  let turnAt = Number.NEGATIVE_INFINITY;

  function stateOf(name: string, capacity: number, now: number): BucketState {
    if (now >= turnAt || young.size >= maxBuckets / 2) {
      // After two silent minutes nothing in either generation is worth keeping.
      old = now >= turnAt + MINUTE_MS ? new Map() : young;
      young = new Map();
      turnAt = now + MINUTE_MS;
    }
    let state = young.get(name);
    if (state === undefined) {
      state = old.get(name);
      if (state === undefined) state = { level: capacity, at: now, perMinute: capacity / TOKEN };
      else old.delete(name);
      young.set(name, state);
    }
    return state;
  }

  return {
    get size() {
      return young.size + old.size;
    },

    take({ bucket, perMinute, now }) {
      const flow = Math.max(0, Math.floor(perMinute));
      const capacity = flow * TOKEN;
      const state = stateOf(bucket, capacity, now);
      refill(state, flow, now);

      const allowed = state.level >= TOKEN;
      if (allowed) state.level -= TOKEN;
      return {
        allowed,
        limit: flow,
        remaining: Math.floor(state.level / TOKEN),
        resetAt: state.at + (flow === 0 ? MINUTE_MS : Math.ceil((capacity - state.level) / flow)),
        retryAfterMs: allowed
          ? 0
          : flow === 0
            ? MINUTE_MS
            : Math.ceil((TOKEN - state.level) / flow) + state.at - now,
      };
    },

    async close() {
      young.clear();
      old.clear();
    },
  };
}

/** Lets flow what came since the last call. A clock that went back adds nothing, and takes nothing. */
function refill(state: BucketState, flow: number, now: number): void {
  const elapsed = Math.floor(now - state.at);
  const capacity = state.perMinute * TOKEN;
  if (elapsed > 0) {
    state.level = Math.min(capacity, state.level + elapsed * state.perMinute);
    state.at += elapsed;
  }
  if (flow === state.perMinute) return;
  // The time so far flowed at the old rate. A full bucket stays full, just as a forgotten one would be.
  state.level = state.level === capacity ? flow * TOKEN : Math.min(state.level, flow * TOKEN);
  state.perMinute = flow;
}
