import type { CanonicalCode } from '@genlock/contracts';

const NOT_BY_ITSELF: Readonly<Record<string, string>> = { 'x-should-retry': 'false' };
const NOTHING: Readonly<Record<string, string>> = {};

/**
 * The header of an answer with this error. SDKs repeat every 5xx by themselves. If nobody knows whether the provider did the work, that
 * would make it be done, and paid, twice. OpenAI's SDKs, those made like them, and our client obey this header.
 */
export function shouldRetryHeader(code: CanonicalCode): Readonly<Record<string, string>> {
  return code === 'outcome_unknown' ? NOT_BY_ITSELF : NOTHING;
}
