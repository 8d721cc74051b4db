import { type CanonicalCode, canonicalErrors, type Retry } from '@genlock/contracts';

/** What a program can do or show. With `fix_input` there is a `param` if the service names one. */
export type Advice = 'fix_input' | 'top_up' | 'fix_key' | 'rewrite_prompt' | 'wait' | 'contact_support';

const PARTICULAR: { readonly [code in CanonicalCode]?: Advice } = {
  unauthenticated: 'fix_key',
  account_disabled: 'fix_key',
  origin_not_allowed: 'fix_key',
  ip_not_allowed: 'fix_key',
  forbidden: 'fix_key',
  insufficient_credits: 'top_up',
  payment_required: 'top_up',
  content_rejected: 'rewrite_prompt',
};

/** `retry` is what the dialect says about the error, which may be stricter than the canonical code. */
export function adviceFor(code: CanonicalCode, retry: Retry): Advice {
  const particular = PARTICULAR[code];
  if (particular !== undefined) return particular;
  if (retry === 'backoff' || retry === 'after_delay') return 'wait';
  const { blame } = canonicalErrors[code];
  // If a provider wants something changed, it is the input: the operator can fix nothing there.
  return blame === 'caller' || (blame === 'provider' && retry === 'after_fix')
    ? 'fix_input'
    : 'contact_support';
}
