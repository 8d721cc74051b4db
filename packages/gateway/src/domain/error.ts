import { type CanonicalCode, canonicalErrors } from '@genlock/contracts';

/** What a program may want to know beside the code. None of it may hold a vendor's name, a path, a key or a stack. */
export interface ErrorDetail {
  /** The request field at fault, as the caller wrote it: `prompt`, `images[0].url`. */
  readonly param?: string;
  /** Which source of the generation is at fault, counted from 0. */
  readonly source?: number;
  /** A finer reason for dialects that tell one apart, e.g. `concurrency`. */
  readonly reason?: string;
  readonly retryAfterMs?: number;
  /** What the provider really said: kept with the attempt for the operator, never shown to the caller. */
  readonly raw?: string;
  /**
   * Provider errors: whether the provider may have taken the work on. `no`: surely not, it may be resent; `maybe`: the call
   * is ambiguous (sent, no answer); `yes`: it did the work and will want its money, though nothing came of it. Default `no`.
   */
  readonly accepted?: 'no' | 'maybe' | 'yes';
  /** Of work that is made of several calls: of how many of them the answers were lost. */
  readonly lostCalls?: number;
  /** No call on this route will do until the operator mends it: the key is refused, the account at the provider is empty. */
  readonly routeDown?: boolean;
  readonly cause?: unknown;
}

/** Why something failed, in a word: the code of an error of ours. */
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
    // Where our code stood when it refused a call tells nobody anything, and finding it out took 5 µs of a refusal's 38.
    const limit = Error.stackTraceLimit;
    if (blame === 'caller') Error.stackTraceLimit = 0;
    super(message ?? summary, detail.cause === undefined ? undefined : { cause: detail.cause });
    Error.stackTraceLimit = limit;
    this.code = code;
    this.detail = detail;
  }

  /** Takes anything that was thrown; what is not ours becomes `fallback`, with the original as its cause. */
  static from(thrown: unknown, fallback: CanonicalCode = 'internal_error'): GenlockError {
    if (thrown instanceof GenlockError) return thrown;
    return new GenlockError(fallback, undefined, { cause: thrown });
  }
}
