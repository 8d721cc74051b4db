import type { CanonicalCode } from '@genlock/contracts';

const NOT_BY_ITSELF: Readonly<Record<string, string>> = { 'x-should-retry': 'false' };
const NOTHING: Readonly<Record<string, string>> = {};

/**
 * Of an answer that tells this error. SDKs repeat whatever is 5xx by themselves, and where nobody knows whether the provider did the
 * work they would have it done, and paid, twice. Those in OpenAI's manner, and our client, heed this header.
 */
export function shouldRetryHeader(code: CanonicalCode): Readonly<Record<string, string>> {
  return code === 'outcome_unknown' ? NOT_BY_ITSELF : NOTHING;
}
