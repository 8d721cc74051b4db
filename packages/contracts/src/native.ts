import { type CanonicalCode, canonicalCodes, canonicalErrors } from './canonical.ts';
import type { Catalogue, CatalogueRow } from './catalogue.ts';

/** HTTP statuses of our own APIs, native and admin: their wire codes are the canonical codes themselves. */
export const problemStatus: Readonly<Record<CanonicalCode, number>> = {
  unauthenticated: 401,
  account_disabled: 403,
  origin_not_allowed: 403,
  ip_not_allowed: 403,
  forbidden: 403,
  access_denied: 403,
  malformed_request: 400,
  parameter_missing: 422,
  invalid_parameter: 422,
  parameter_conflict: 422,
  parameter_not_allowed: 403,
  source_media_required: 422,
  invalid_media: 422,
  media_too_large: 413,
  media_unreadable: 422,
  media_too_short: 422,
  model_not_found: 404,
  model_unsupported: 422,
  model_inactive: 409,
  model_paused: 409,
  model_not_billable: 409,
  model_misconfigured: 500,
  no_route: 503,
  insufficient_credits: 402,
  payment_required: 402,
  unknown_pack: 422,
  charge_failed: 500,
  not_found: 404,
  route_not_found: 404,
  method_not_allowed: 405,
  invalid_state: 409,
  idempotency_conflict: 409,
  rate_limited: 429,
  concurrency_limited: 429,
  queue_full: 429,
  limiter_unavailable: 503,
  content_rejected: 422,
  upstream_failed: 502,
  upstream_timeout: 504,
  upstream_rate_limited: 503,
  upstream_unavailable: 503,
  upstream_invalid_result: 502,
  outcome_unknown: 502,
  internal_error: 500,
  storage_unavailable: 503,
  shutting_down: 503,
};

const row = (code: CanonicalCode, told: 'response' | 'job'): CatalogueRow<CanonicalCode> => {
  const { retry, summary } = canonicalErrors[code];
  const status = told === 'response' ? problemStatus[code] : null;
  return {
    code,
    status,
    told,
    canonical: [code],
    retry,
    retryAfter: status === 429 || status === 503,
    when: summary,
  };
};

/** Our own dialect reports every canonical error by its own name: as a problem document, or as the error of a job. */
export const nativeCatalogue: Catalogue<CanonicalCode> = {
  dialect: 'native',
  source: 'docs/native.md',
  rows: [
    ...canonicalCodes.map((code) => row(code, 'response')),
    ...canonicalCodes.map((code) => row(code, 'job')),
  ],
};
