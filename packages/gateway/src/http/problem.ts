import type { CanonicalCode } from '@genlock/contracts';
import { canonicalErrors } from '@genlock/contracts';
import type { GenlockError } from '../domain/error.ts';
import type { WireReply } from './module.ts';

/** HTTP statuses of our own APIs (admin and native). */
const STATUS: Readonly<Record<CanonicalCode, number>> = {
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

/** Problem details (RFC 9457) with our canonical code, blame and retry as extension members. */
export function renderProblem(error: GenlockError, requestId: string): WireReply {
  const { blame, retry, summary } = canonicalErrors[error.code];
  const status = STATUS[error.code];
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'x-request-id': requestId,
  };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (error.detail.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.detail.retryAfterMs / 1000)));
  }
  const body = JSON.stringify({
    type: `urn:genlock:error:${error.code}`,
    title: summary,
    status,
    detail: error.message,
    code: error.code,
    blame,
    retry,
    ...(error.detail.param !== undefined && { param: error.detail.param }),
    request_id: requestId,
  });
  return { status, headers, body };
}
