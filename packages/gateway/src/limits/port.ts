/** A token bucket: `perMinute` tokens flow in each minute and at most as many gather. */
export interface LimitClaim {
  /** Names the bucket, e.g. `key:key_01…:writes`. */
  readonly bucket: string;
  readonly perMinute: number;
  readonly now: number;
}

export interface LimitVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** Whole tokens left after this call, never below 0. */
  readonly remaining: number;
  /** When the bucket is full again, in milliseconds since 1970. */
  readonly resetAt: number;
  /** 0 when allowed; else how long until one token is there. */
  readonly retryAfterMs: number;
}

/** Counts calls. One that cannot be reached throws or rejects with GenlockError `limiter_unavailable`: nothing passes. */
export interface Limiter {
  take(claim: LimitClaim): LimitVerdict | Promise<LimitVerdict>;
  close(): Promise<void>;
}
