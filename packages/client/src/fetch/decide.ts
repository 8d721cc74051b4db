import type { Dialect } from '../dialect.ts';
import type { GenerationError } from '../error.ts';
import { isOwnError } from '../parse.ts';
import type { Outcome } from './attempt.ts';
import { delayAfter } from './back-off.ts';
import type { Plan } from './plan.ts';

export interface Situation {
  readonly dialect: Dialect;
  readonly plan: Plan;
  /** Attempts so far, this one included. */
  readonly made: number;
  readonly attempts: number;
  /** The body cannot be sent again. */
  readonly once: boolean;
  /** An earlier attempt may have been paid for. */
  readonly doubtful: boolean;
  readonly leftMs: number | undefined;
  readonly random: () => number;
}

export type Decision =
  | { readonly kind: 'return'; readonly response: Response }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: unknown }
  /** As `fetch` would. */
  | { readonly kind: 'throw'; readonly thrown: unknown }
  /** Nobody knows whether it was paid, and nothing more may be done. */
  | { readonly kind: 'unknown'; readonly reason: unknown };

/** What comes after an attempt. Pure: what it depends on is in `situation`. */
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

/** Whether an attempt may have been paid for, as far as it tells itself. */
export function isDoubtful(outcome: Outcome): boolean {
  return outcome.kind === 'lost' || (outcome.kind === 'refused' && outcome.error.mayHaveBeenCharged);
}

function mayResend(outcome: Outcome, plan: Plan): boolean {
  if (outcome.kind === 'refused' && !isWorthIt(outcome.error, outcome.response)) return false;
  return plan.repeatable || !isDoubtful(outcome);
}

/** A conflict may pass as well, but nobody says when: the contracts advise against repeating anything else by itself. */
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
 * Whether an answer tells also what became of an earlier attempt with the same key. Who is not let in, or is told to wait, is answered
 * before any key is looked up; and what is not in the words of the service comes from something in between.
 */
function settles(dialect: Dialect, outcome: Outcome): boolean {
  if (outcome.kind !== 'refused') return false;
  const { status } = outcome.response;
  return status < 500 && ![401, 403, 408, 429].includes(status) && isOwnError(dialect, outcome.error);
}
