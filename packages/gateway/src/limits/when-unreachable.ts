import { GenlockError } from '../domain/error.ts';
import type { LimitClaim, Limiter, LimitVerdict } from './port.ts';

/** What happens to a call if the limiter cannot be reached. */
export type UnreachableChoice = 'refuse' | 'allow';

export interface UnreachableParts {
  /** The operator's present choice for this limit. */
  readonly choiceOf: (claim: LimitClaim) => UnreachableChoice;
  /** Called for each call that the limiter did not answer. */
  readonly tell: (claim: LimitClaim, choice: UnreachableChoice, error: unknown) => void;
}

const MINUTE_MS = 60_000;

/**
 * A limiter that answers even if the one behind it cannot be reached: it refuses the call, or lets it pass if the operator prefers that to
 * a refusal. A limit of 0 lets nothing pass either way. Synchronous if the inner limiter is.
 */
export function withChoice(limiter: Limiter, { choiceOf, tell }: UnreachableParts): Limiter {
  const answer = (claim: LimitClaim, thrown: unknown): LimitVerdict => {
    const choice = choiceOf(claim);
    tell(claim, choice, thrown);
    if (choice === 'refuse' || claim.perMinute < 1) throw GenlockError.from(thrown, 'limiter_unavailable');
    const limit = Math.floor(claim.perMinute);
    return { allowed: true, limit, remaining: limit - 1, resetAt: claim.now + MINUTE_MS, retryAfterMs: 0 };
  };
  const ask = (method: 'take' | 'peek' | 'giveBack', claim: LimitClaim) => {
    try {
      const verdict = limiter[method](claim);
      return verdict instanceof Promise ? verdict.catch((thrown) => answer(claim, thrown)) : verdict;
    } catch (thrown) {
      return answer(claim, thrown);
    }
  };
  return {
    take: (claim) => ask('take', claim),
    peek: (claim) => ask('peek', claim),
    giveBack: (claim) => ask('giveBack', claim),
    close: () => limiter.close(),
  };
}
