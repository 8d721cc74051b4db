/** How calls are counted; see {@link LimitClaim.kind}. */
export type LimitKind = 'flow' | 'fixed' | 'rolling';

/** A call that is to be counted, or asked about. */
export interface LimitClaim {
  /** The name of the bucket, e.g. `key:key_01…:writes`. */
  readonly bucket: string;
  readonly perMinute: number;
  readonly now: number;
  /**
   * `flow` (default): a token bucket that `perMinute` tokens flow into per minute and that holds at most as many. `fixed`: the first call
   * opens a window of one minute, in which `perMinute` calls pass. `rolling`: at most `perMinute` calls pass in any minute, whenever it
   * begins. A bucket keeps its kind for ever.
   */
  readonly kind?: LimitKind;
  /** Which limit of which dialect it is. Used to count refusals, and to decide if the limiter cannot be reached. */
  readonly of?: { readonly dialect: string; readonly limit: string };
}

export interface LimitVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** Calls left after this one, a whole number, never below 0. */
  readonly remaining: number;
  /** When the bucket is full again, in milliseconds since 1970. */
  readonly resetAt: number;
  /** 0 if allowed; else how long until a call passes, in milliseconds. */
  readonly retryAfterMs: number;
}

/**
 * Counts calls. A limiter that cannot be reached throws or rejects; the operator's settings then decide about the call
 * (`when-unreachable.ts`).
 */
export interface Limiter {
  take(claim: LimitClaim): LimitVerdict | Promise<LimitVerdict>;
  /** The verdict that a call would get now. Counts nothing. */
  peek(claim: LimitClaim): LimitVerdict | Promise<LimitVerdict>;
  /** Takes back a call that had passed but does not count after all. Returns what {@link peek} says then. */
  giveBack(claim: LimitClaim): LimitVerdict | Promise<LimitVerdict>;
  close(): Promise<void>;
}
