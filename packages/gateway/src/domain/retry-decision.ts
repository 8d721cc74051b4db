import { type CanonicalCode, canonicalErrors } from '@genlock/contracts';
import { type AttemptSummary, chooseRoute, counted, ROUTE_FAULTS, type RouteRow } from './route-choice.ts';

export interface RetryPolicy {
  /** The limit of retries and failovers together: attempts at all providers in the life of a generation, without those broken off. */
  readonly maxAttempts: number;
  /** Attempts at one row of the list of routes before the next row is tried. */
  readonly attemptsPerRoute: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export interface ProviderTraits {
  /** Sending a call to it again costs nothing: the provider is free, or honours our idempotency key. */
  readonly safeToResend: boolean;
  /** Its calls cost nothing. So another provider may be asked too, whatever became of a call. */
  readonly free?: boolean;
}

export type RetryDecision =
  | { readonly kind: 'retry_same'; readonly delayMs: number }
  | { readonly kind: 'next_route'; readonly delayMs: number }
  | { readonly kind: 'fail'; readonly error: CanonicalCode };

export interface Failure {
  readonly error: CanonicalCode;
  /** The provider may have accepted the call, and this cannot be found out. */
  readonly ambiguous: boolean;
  /** The provider did the work, but the result is unusable. It charges for this call, and would charge for another. */
  readonly done?: boolean;
  readonly retryAfterMs?: number;
}

export interface Situation {
  readonly failure: Failure;
  /** Every attempt so far, the failed one last. */
  readonly history: readonly AttemptSummary[];
  /** In the order in which they are tried, with their health after this failure. */
  readonly rows: readonly RouteRow[];
  /** Traits of the provider that failed. */
  readonly provider: ProviderTraits;
  readonly policy: RetryPolicy;
  readonly now: number;
  readonly deadlineAt: number;
  /** Uniform in [0, 1), for full jitter. */
  readonly random: number;
}

/** Errors after which both the same route and another route are worth a try. */
const TRANSIENT: readonly CanonicalCode[] = [
  'upstream_failed',
  'upstream_timeout',
  'upstream_rate_limited',
  'upstream_unavailable',
  'upstream_invalid_result',
  'outcome_unknown',
];

/** Whether another provider is worth asking after this error. It is not if the caller has to change the request. */
export function mayDoElsewhere(error: CanonicalCode): boolean {
  return TRANSIENT.includes(error) || ROUTE_FAULTS.includes(error);
}

/**
 * What happens to a generation after a failed attempt.
 *
 * A paid call whose fate is unknown, or whose work was done, is not sent again, neither to the same provider nor to another. So at most one
 * call of a generation may have to be paid. The one exception costs nothing: a provider that honours our key is asked again under the same
 * key.
 */
export function decideRetry(situation: Situation): RetryDecision {
  const { failure, history, rows, provider, policy, now, deadlineAt, random } = situation;
  const free = provider.free === true;
  const fail: RetryDecision = { kind: 'fail', error: errorAtLast(situation) };
  if (failure.ambiguous && !provider.safeToResend && !free) return fail;
  if (failure.done === true && !free) return fail;
  const tries = counted(history).length;
  if (tries >= policy.maxAttempts) return fail;
  if (!mayDoElsewhere(failure.error)) return fail;

  const choice = chooseRoute(rows, history, policy.attemptsPerRoute, now);
  if (choice.kind === 'none') return fail;
  const kind = rows[choice.row]?.route === history.at(-1)?.route ? 'retry_same' : 'next_route';
  // No back-off for another route: it has not failed, so it needs no rest.
  const delayMs =
    choice.kind === 'wait'
      ? spread(choice.until - now, random)
      : kind === 'retry_same'
        ? backoff(failure, tries, policy, random)
        : 0;
  return now + delayMs < deadlineAt ? { kind, delayMs } : fail;
}

/** The error of a generation when nothing more is tried: `outcome_unknown` if one of its calls may still have to be paid. */
export function errorAtLast({
  failure,
  history,
  provider,
}: Pick<Situation, 'failure' | 'history' | 'provider'>): CanonicalCode {
  const free = provider.free === true;
  if (failure.ambiguous && !provider.safeToResend && !free) return 'outcome_unknown';
  if (failure.done === true && !free) return failure.error;
  const open = history.some((attempt) => attempt.open === true);
  // An error that the caller has to correct came from the provider's answer about this work, so it is certain. Any other error says nothing
  // about the call that is still open.
  return open && mayDoElsewhere(failure.error) ? 'outcome_unknown' : failure.error;
}

/** Lengthens a wait at random by up to a half, so that those waiting for the same moment do not all return at once. */
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
