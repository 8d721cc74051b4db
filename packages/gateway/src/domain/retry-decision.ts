import { type CanonicalCode, canonicalErrors } from '@genlock/contracts';

export interface RetryPolicy {
  /** Retries and failovers together: attempts at all providers, over the whole life of a generation. */
  readonly maxAttempts: number;
  /** Attempts at one route before the next is tried. */
  readonly attemptsPerRoute: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export interface AttemptSummary {
  readonly route: number;
  readonly error: CanonicalCode;
}

export interface ProviderTraits {
  /** Resending costs nothing: the provider is free and deterministic, or honours our idempotency key. */
  readonly safeToResend: boolean;
}

export type RetryDecision =
  | { readonly kind: 'retry_same'; readonly delayMs: number }
  | { readonly kind: 'next_route'; readonly delayMs: number }
  | { readonly kind: 'fail'; readonly error: CanonicalCode };

export interface Failure {
  readonly error: CanonicalCode;
  /** The provider may have taken the call on, and nobody can tell. */
  readonly ambiguous: boolean;
  /** The provider did the work, and what came of it is of no use: it wants its money for this one, and for any other. */
  readonly done?: boolean;
  readonly retryAfterMs?: number;
}

/** Errors for which the same route is worth another try, and another route too. */
const TRANSIENT: readonly CanonicalCode[] = [
  'upstream_failed',
  'upstream_timeout',
  'upstream_rate_limited',
  'upstream_unavailable',
  'upstream_invalid_result',
  'outcome_unknown',
];

/** Faults of the operator's set-up at one provider: the same route is hopeless, another may do. */
const ROUTE_FAULTS: readonly CanonicalCode[] = ['model_misconfigured', 'no_route', 'payment_required'];

/**
 * What happens to a generation after a failed attempt. `history` holds every attempt so far, the failed one last; `routes` is
 * how many routes the model has; `random` is uniform in [0, 1) (full jitter).
 *
 * A paid call whose fate is unknown, or which was done, is never resent: neither to the same provider nor to another.
 */
export function decideRetry(
  failure: Failure,
  history: readonly AttemptSummary[],
  routes: number,
  provider: ProviderTraits,
  policy: RetryPolicy,
  random: number,
): RetryDecision {
  const fail: RetryDecision = { kind: 'fail', error: failure.error };
  if (failure.ambiguous && !provider.safeToResend) return { kind: 'fail', error: 'outcome_unknown' };
  if (failure.done === true && !provider.safeToResend) return fail;
  if (history.length >= policy.maxAttempts) return fail;

  const current = history.at(-1)?.route ?? 0;
  const triedHere = history.filter((attempt) => attempt.route === current).length;
  const hasNext = current + 1 < routes;
  const delayMs = backoff(failure, history.length, policy, random);

  if (ROUTE_FAULTS.includes(failure.error)) return hasNext ? { kind: 'next_route', delayMs: 0 } : fail;
  if (!TRANSIENT.includes(failure.error)) return fail;
  if (triedHere < policy.attemptsPerRoute) return { kind: 'retry_same', delayMs };
  return hasNext ? { kind: 'next_route', delayMs } : fail;
}

function backoff(failure: Failure, attempts: number, policy: RetryPolicy, random: number): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempts - 1));
  const jittered = Math.round(ceiling * random);
  if (canonicalErrors[failure.error].retry !== 'after_delay' || failure.retryAfterMs === undefined)
    return jittered;
  return Math.min(policy.maxDelayMs, failure.retryAfterMs) + jittered;
}
