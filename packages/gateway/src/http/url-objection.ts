import type { Core } from '../gateway/core.ts';

const WORDS: Readonly<Record<string, string>> = {
  not_a_url: 'must be a URL',
  scheme: 'must be an https URL',
  credentials: 'must not hold credentials',
  address: 'must be publicly reachable',
};

/** The reason against fetching a URL, worded as the rest of a sentence that starts with the parameter; undefined: none. */
export function urlObjection(core: Core, url: string): string | undefined {
  const reason = core.checkUrl(url);
  return reason === undefined ? undefined : (WORDS[reason] ?? 'may not be fetched');
}
