import type { Attempt } from './generation.ts';
import type { ProviderTraits } from './retry-decision.ts';

export type RecoveryDecision =
  /** Nothing was under way: start the next attempt. */
  | { readonly kind: 'start' }
  /** The provider accepted the call: continue polling. */
  | { readonly kind: 'resume'; readonly attempt: Attempt; readonly upstreamId: string }
  /** It is unknown whether the call was sent, but sending it again costs nothing. */
  | { readonly kind: 'resend'; readonly attempt: Attempt }
  /** It is unknown whether the call was sent, and sending it again might buy twice: ask the provider, or give up. */
  | { readonly kind: 'reconcile'; readonly attempt: Attempt };

/** What to do with a generation whose worker died, decided by its last attempt (docs/architecture.md, "After a crash"). */
export function decideRecovery(
  last: Attempt | undefined,
  provider: ProviderTraits | undefined,
): RecoveryDecision {
  if (last === undefined || last.outcome !== null) return { kind: 'start' };
  if (last.upstreamId !== null) return { kind: 'resume', attempt: last, upstreamId: last.upstreamId };
  return provider?.safeToResend === true || provider?.free === true
    ? { kind: 'resend', attempt: last }
    : { kind: 'reconcile', attempt: last };
}
