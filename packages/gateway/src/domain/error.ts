import { type CanonicalCode, canonicalErrors } from '@genlock/contracts';

/**
 * Facts beside the code that a program may use. Except for `raw` and `cause`, none may contain a vendor's name, a path, a key or a stack.
 */
export interface ErrorDetail {
  /** The request field at fault, as the caller wrote it: `prompt`, `images[0].url`. */
  readonly param?: string;
  /** Index of the source at fault, from 0. */
  readonly source?: number;
  /** A finer reason, for dialects that distinguish one, e.g. `concurrency`. */
  readonly reason?: string;
  readonly retryAfterMs?: number;
  /** The provider's own words. Kept with the attempt for the operator and never shown to the caller. */
  readonly raw?: string;
  /**
   * For errors of providers and of the store: whether the work may have been accepted, or the write done. `no`: certainly not, so the call
   * may be sent again. `maybe`: unknown, since the call was sent and no answer came. `yes`: the work was done and will be charged, although
   * it gave no usable result. Default `no`.
   */
  readonly accepted?: 'no' | 'maybe' | 'yes';
  /** For work that is made of several calls: how many of their answers were lost. */
  readonly lostCalls?: number;
  /** No call on this route can succeed until the operator fixes it: the key is refused, or the account at the provider is empty. */
  readonly routeDown?: boolean;
  readonly cause?: unknown;
}

/** The canonical code of anything that was thrown; `internal_error` if it is not one of our errors. */
export function codeOf(thrown: unknown): CanonicalCode {
  return thrown instanceof GenlockError ? thrown.code : 'internal_error';
}

/** The one error class of the gateway. Programs branch on `code`; the message is for people and may change. */
export class GenlockError extends Error {
  override readonly name = 'GenlockError';
  readonly code: CanonicalCode;
  readonly detail: ErrorDetail;

  constructor(code: CanonicalCode, message?: string, detail: ErrorDetail = {}) {
    const { blame, summary } = canonicalErrors[code];
    // The stack of a refusal tells nobody anything, and capturing it took 5 µs of the 38 µs that a refusal costs.
    const limit = Error.stackTraceLimit;
    if (blame === 'caller') Error.stackTraceLimit = 0;
    super(message ?? summary, detail.cause === undefined ? undefined : { cause: detail.cause });
    Error.stackTraceLimit = limit;
    this.code = code;
    this.detail = detail;
  }

  /** Converts anything that was thrown. What is not a `GenlockError` becomes one with the code `fallback` and the original as its cause. */
  static from(thrown: unknown, fallback: CanonicalCode = 'internal_error'): GenlockError {
    if (thrown instanceof GenlockError) return thrown;
    return new GenlockError(fallback, undefined, { cause: thrown });
  }
}
