/** How calls are counted. */
export type LimitKind = 'flow' | 'fixed' | 'rolling';

/** One call that is to be counted, or asked about. */
export interface LimitClaim {
  /** Names the bucket, e.g. `key:key_01…:writes`. */
  readonly bucket: string;
  readonly perMinute: number;
  readonly now: number;
  /**
   * `flow` (default): a token bucket: `perMinute` tokens flow in each minute and at most as many gather. `fixed`: the first call
   * opens a window of a minute in which `perMinute` calls pass. `rolling`: at most `perMinute` calls pass in any minute, whenever it
   * begins. A bucket is of one kind for ever.
   */
  readonly kind?: LimitKind;
  /** Which limit of which dialect it is, for whoever counts refusals or answers for a limiter that is away. */
  readonly of?: { readonly dialect: string; readonly limit: string };
}

export interface LimitVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** Whole calls left after this one, never below 0. */
  readonly remaining: number;
  /** When the bucket is full again, in milliseconds since 1970. */
  readonly resetAt: number;
  /** 0 when allowed; else how long until one call passes. */
  readonly retryAfterMs: number;
}

/** Counts calls. One that cannot be reached throws or rejects; what then happens to the call is the operator's (`when-unreachable.ts`). */
export interface Limiter {
  take(claim: LimitClaim): LimitVerdict | Promise<LimitVerdict>;
  /** What a call would meet now. Counts nothing. */
  peek(claim: LimitClaim): LimitVerdict | Promise<LimitVerdict>;
  /** Takes back one call that had passed and then turned out not to count; what {@link peek} says after it. */
  giveBack(claim: LimitClaim): LimitVerdict | Promise<LimitVerdict>;
  close(): Promise<void>;
}
