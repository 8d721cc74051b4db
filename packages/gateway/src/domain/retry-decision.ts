import { type CanonicalCode, canonicalErrors } from '@genlock/contracts';
import { type AttemptSummary, chooseRoute, ROUTE_FAULTS, type RouteRow } from './route-choice.ts';

export interface RetryPolicy {
  /** Retries and failovers together: attempts at all providers, over the whole life of a generation. */
  readonly maxAttempts: number;
  /** Attempts at one row of the list of routes before the next is tried. */
  readonly attemptsPerRoute: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export interface ProviderTraits {
  /** Resending to it costs nothing: the provider is free, or honours our idempotency key. */
  readonly safeToResend: boolean;
  /** Its calls cost nothing, so that another provider may be asked too, whatever became of a call. */
  readonly free?: boolean;
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

export interface Situation {
  readonly failure: Failure;
  /** Every attempt so far, the failed one last. */
  readonly history: readonly AttemptSummary[];
  /** In the order of trying, with their health after this failure. */
  readonly rows: readonly RouteRow[];
  /** Of the provider that failed. */
  readonly provider: ProviderTraits;
  readonly policy: RetryPolicy;
  readonly now: number;
  readonly deadlineAt: number;
  /** Uniform in [0, 1): full jitter. */
  readonly random: number;
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

/** Whether it is worth asking another provider after this error; not where the caller has to mend something. */
export function mayDoElsewhere(error: CanonicalCode): boolean {
  return TRANSIENT.includes(error) || ROUTE_FAULTS.includes(error);
}

/**
 * What happens to a generation after a failed attempt.
 *
 * A paid call whose fate is unknown, or which was done, is never resent, neither to the same provider nor to another: so at most
 * one call of a generation may have to be paid. The one exception costs nothing: a provider that honours our key is asked
 * again under the same key.
 */
export function decideRetry(situation: Situation): RetryDecision {
  const { failure, history, rows, provider, policy, now, deadlineAt, random } = situation;
  const free = provider.free === true;
  const fail: RetryDecision = { kind: 'fail', error: errorAtLast(situation) };
  if (failure.ambiguous && !provider.safeToResend && !free) return fail;
  if (failure.done === true && !free) return fail;
  if (history.length >= policy.maxAttempts) return fail;
  if (!mayDoElsewhere(failure.error)) return fail;

  const choice = chooseRoute(rows, history, policy.attemptsPerRoute, now);
  if (choice.kind === 'none') return fail;
  const kind = rows[choice.row]?.route === history.at(-1)?.route ? 'retry_same' : 'next_route';
  // Another route has done nothing that it would have to be spared for.
  const delayMs =
    choice.kind === 'wait'
      ? spread(choice.until - now, random)
      : kind === 'retry_same'
        ? backoff(failure, history.length, policy, random)
        : 0;
  return now + delayMs < deadlineAt ? { kind, delayMs } : fail;
}

/** What a generation fails with where nothing more is tried: that nobody knows, where a call of it may have to be paid. */
export function errorAtLast({
  failure,
  history,
  provider,
}: Pick<Situation, 'failure' | 'history' | 'provider'>): CanonicalCode {
  const free = provider.free === true;
  if (failure.ambiguous && !provider.safeToResend && !free) return 'outcome_unknown';
  if (failure.done === true && !free) return failure.error;
  const open = history.some((attempt) => attempt.open === true);
  // What the caller has to mend, a provider told of the call itself; anything else says nothing of it.
  return open && mayDoElsewhere(failure.error) ? 'outcome_unknown' : failure.error;
}

/** Those who wait for the same moment do not come all at once. */
export function spread(waitMs: number, random: number): number {
  return Math.ceil(waitMs * (1 + random / 2));
}

function backoff(failure: Failure, attempts: number, policy: RetryPolicy, random: number): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempts - 1));
  const jittered = Math.round(ceiling * random);
  if (canonicalErrors[failure.error].retry !== 'after_delay' || failure.retryAfterMs === undefined)
    return jittered;
  return Math.min(policy.maxDelayMs, failure.retryAfterMs) + jittered;
}
