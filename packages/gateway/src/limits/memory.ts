import { freshWindow, giveBackToWindow, peekAtWindow, takeFromWindow, type WindowState } from './fixed.ts';
import { type FlowState, fullBucket, giveBackToFlow, peekAtFlow, takeFromFlow } from './flow.ts';
import type { LimitClaim, Limiter, LimitKind, LimitVerdict } from './port.ts';
import {
  emptyMinute,
  giveBackToRolling,
  peekAtRolling,
  type RollingState,
  takeFromRolling,
} from './rolling.ts';

const MINUTE_MS = 60_000;
const DEFAULT_MAX_BUCKETS = 1_000_000;

type State = FlowState | WindowState | RollingState;
type Count<Of> = (state: Of, limit: number, now: number) => LimitVerdict;

interface Counting<Of> {
  readonly fresh: (limit: number, now: number) => Of;
  readonly take: Count<Of>;
  readonly peek: Count<Of>;
  readonly giveBack: Count<Of>;
}

/** Safe, because a bucket keeps its kind for ever: the state under a bucket's name was always made by its own kind. */
function counting<Of extends State>(kind: Counting<Of>): Counting<State> {
  return kind as unknown as Counting<State>;
}

const KINDS: Readonly<Record<LimitKind, Counting<State>>> = {
  flow: counting<FlowState>({
    fresh: fullBucket,
    take: takeFromFlow,
    peek: peekAtFlow,
    giveBack: giveBackToFlow,
  }),
  fixed: counting<WindowState>({
    fresh: (_limit, now) => freshWindow(now),
    take: takeFromWindow,
    peek: peekAtWindow,
    giveBack: giveBackToWindow,
  }),
  rolling: counting<RollingState>({
    fresh: emptyMinute,
    take: takeFromRolling,
    peek: peekAtRolling,
    giveBack: giveBackToRolling,
  }),
};

export interface MemoryLimiter extends Limiter {
  take(claim: LimitClaim): LimitVerdict;
  peek(claim: LimitClaim): LimitVerdict;
  giveBack(claim: LimitClaim): LimitVerdict;
  /** Number of buckets in memory. */
  readonly size: number;
}

/**
 * The buckets of one process. An untouched token bucket is full again after a minute, and a window is over by then; both are then the same
 * as no bucket. So buckets live in two maps that change places each minute, and a bucket that was not touched for a whole turn is
 * forgotten. A flood of new names makes the maps change places earlier, so that memory is bounded by `maxBuckets`; a bucket that is
 * forgotten early starts anew, which is in the caller's favour.
 *
 * With `perMinute` 0 no call passes, and callers are told to come back in a minute.
 */
export function createMemoryLimiter({ maxBuckets = DEFAULT_MAX_BUCKETS } = {}): MemoryLimiter {
  let young = new Map<string, State>();
  let old = new Map<string, State>();
  let turnAt = Number.NEGATIVE_INFINITY;

  function kept({ bucket, now }: LimitClaim, fresh: () => State): State {
    // The second condition: a clock that was set back must not delay the turn for as long.
    if (now >= turnAt || now < turnAt - MINUTE_MS || young.size >= maxBuckets / 2) {
      // After two minutes without a call, neither map holds anything worth keeping.
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
    return state;
  }

  return {
    get size() {
      return young.size + old.size;
    },

    take(claim) {
      const [{ now, kind = 'flow' }, limit] = [claim, limitOf(claim)];
      const { fresh, take } = KINDS[kind];
      return take(
        kept(claim, () => fresh(limit, now)),
        limit,
        now,
      );
    },

    /** A look does not count as touching: it makes no bucket and keeps none alive. */
    peek(claim) {
      const [{ bucket, now, kind = 'flow' }, limit] = [claim, limitOf(claim)];
      const { fresh, peek } = KINDS[kind];
      return peek(young.get(bucket) ?? old.get(bucket) ?? fresh(limit, now), limit, now);
    },

    giveBack(claim) {
      const [{ now, kind = 'flow' }, limit] = [claim, limitOf(claim)];
      const { fresh, giveBack } = KINDS[kind];
      return giveBack(
        kept(claim, () => fresh(limit, now)),
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
