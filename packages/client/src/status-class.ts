import type { CanonicalCode } from '@genlock/contracts';

const CLASSES: Readonly<Record<number, CanonicalCode>> = {
  400: 'malformed_request',
  401: 'unauthenticated',
  402: 'insufficient_credits',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'upstream_timeout',
  409: 'invalid_state',
  410: 'not_found',
  413: 'media_too_large',
  429: 'rate_limited',
  451: 'content_rejected',
  502: 'upstream_failed',
  503: 'upstream_unavailable',
  504: 'upstream_timeout',
};

/** What the status alone says. Below 400 no failure was reported, so the outcome is unknown. */
export function codeOfStatus(status: number): CanonicalCode {
  if (status < 400) return 'outcome_unknown';
  return CLASSES[status] ?? (status < 500 ? 'invalid_parameter' : 'internal_error');
}
