import type { Dialect } from '../dialect.ts';
import type { GenerationError } from '../error.ts';
import { isOwnError } from '../parse.ts';
import type { Outcome } from './attempt.ts';
import { delayAfter } from './back-off.ts';
import type { Plan } from './plan.ts';

export interface Situation {
  readonly dialect: Dialect;
  readonly plan: Plan;
  /** Attempts so far, including this one. */
  readonly made: number;
  readonly attempts: number;
  /** The body cannot be sent again. */
  readonly once: boolean;
  /** An earlier attempt may have to be paid. */
  readonly doubtful: boolean;
  readonly leftMs: number | undefined;
  readonly random: () => number;
}

export type Decision =
  | { readonly kind: 'return'; readonly response: Response }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: unknown }
  /** Throws, as `fetch` would. */
  | { readonly kind: 'throw'; readonly thrown: unknown }
  /** It is unknown whether the call was paid, and nothing more may be done. */
  | { readonly kind: 'unknown'; readonly reason: unknown };

/** What to do after an attempt. Pure: everything that it depends on is in `situation`. */
export function decide(outcome: Outcome, situation: Situation): Decision {
  const { dialect, plan, doubtful } = situation;
  if (outcome.kind === 'fine') return { kind: 'return', response: outcome.response };
  const delayMs = mayResend(outcome, plan) ? waitBefore(outcome, situation) : undefined;
  const reason = outcome.kind === 'refused' ? outcome.error : outcome.thrown;
  if (delayMs !== undefined) return { kind: 'retry', delayMs, reason };
  if (plan.paid && (isDoubtful(outcome) || (doubtful && !settles(dialect, outcome))))
    return { kind: 'unknown', reason };
  return outcome.kind === 'refused'
    ? { kind: 'return', response: outcome.response }
    : { kind: 'throw', thrown: outcome.thrown };
}

/** Whether an attempt may have been paid, judged by its own outcome. */
export function isDoubtful(outcome: Outcome): boolean {
  return outcome.kind === 'lost' || (outcome.kind === 'refused' && outcome.error.mayHaveBeenCharged);
}

function mayResend(outcome: Outcome, plan: Plan): boolean {
  if (outcome.kind === 'refused' && !isWorthIt(outcome.error, outcome.response)) return false;
  return plan.repeatable || !isDoubtful(outcome);
}

/** A conflict may pass as well, but nobody says when: the contracts advise against automatic retries of anything else. */
function isWorthIt({ retry }: GenerationError, { status, headers }: Response): boolean {
  return (
    (retry === 'backoff' || retry === 'after_delay') &&
    (status >= 500 || status === 429 || status === 408) &&
    headers.get('x-should-retry') !== 'false'
  );
}

function waitBefore(outcome: Outcome, situation: Situation): number | undefined {
  const { made, attempts, once, leftMs, random } = situation;
  if (once || made >= attempts) return undefined;
  return delayAfter(made, outcome.kind === 'refused' ? outcome.error.retryAfterMs : null, leftMs, random);
}

/**
 * Whether an answer also settles what became of an earlier attempt with the same key. It does not if access was refused or a wait was
 * demanded, because that is answered before keys are looked up. Nor does an answer that is not in the service's own form, because it comes
 * from something in between.
 */
function settles(dialect: Dialect, outcome: Outcome): boolean {
  if (outcome.kind !== 'refused') return false;
  const { status } = outcome.response;
  return status < 500 && ![401, 403, 408, 429].includes(status) && isOwnError(dialect, outcome.error);
}
