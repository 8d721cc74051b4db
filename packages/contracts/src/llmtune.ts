import { type CanonicalCode, canonicalCodes } from './canonical.ts';
import type { Catalogue, CatalogueRow } from './catalogue.ts';

/**
 * The body of a 402 is only a description, because the vendor's sample has one in `error`. Only its beginning is documented
 * (contracts/llmtune.md section 15), so clients can only compare that.
 */
export const INSUFFICIENT_BALANCE = 'Insufficient balance. Please add funds to your account.';

export type LlmtuneErrorCode =
  | 'invalid_request'
  | 'idempotency_conflict'
  | 'invalid_state'
  | 'invalid_api_key'
  | typeof INSUFFICIENT_BALANCE
  | 'forbidden'
  | 'account_disabled'
  | 'model_not_found'
  | 'job_not_found'
  | 'batch_not_found'
  | 'not_found'
  | 'rate_limit_exceeded'
  | 'internal_error'
  | 'upstream_error'
  | 'service_unavailable'
  | 'failed';

export interface LlmtuneRow extends CatalogueRow<LlmtuneErrorCode> {
  /** Used for this canonical error only with this reason; it then takes precedence over the row without a reason. */
  readonly only?: { readonly canonical: CanonicalCode; readonly reason: string };
}

export interface LlmtuneCatalogue extends Catalogue<LlmtuneErrorCode> {
  readonly rows: readonly LlmtuneRow[];
}

const response = (
  status: number,
  code: LlmtuneErrorCode,
  retry: LlmtuneRow['retry'],
  canonical: LlmtuneRow['canonical'],
  when: string,
): LlmtuneRow => ({
  code,
  status,
  told: 'response',
  canonical,
  retry,
  retryAfter: status === 429 || status === 503,
  when,
});

const unknown = (code: LlmtuneErrorCode, reason: string, when: string): LlmtuneRow => ({
  ...response(404, code, 'never', [], when),
  only: { canonical: 'not_found', reason },
});

/** LLMTune's error values (contracts/llmtune.md section 15): a code in `error`, except with 402. */
export const llmtuneCatalogue: LlmtuneCatalogue = {
  dialect: 'llmtune',
  source: 'contracts/llmtune.md section 15',
  rows: [
    response(
      400,
      'invalid_request',
      'after_fix',
      [
        'malformed_request',
        'parameter_missing',
        'invalid_parameter',
        'parameter_conflict',
        'parameter_not_allowed',
        'source_media_required',
        'invalid_media',
        'media_too_large',
        'media_unreadable',
        'media_too_short',
        'model_unsupported',
        'unknown_pack',
        // The table has no code for moderation, so a refused text is a validation error.
        'content_rejected',
      ],
      'The body is invalid, a field is missing, or a parameter is malformed.',
    ),
    response(
      400,
      'idempotency_conflict',
      'after_fix',
      ['idempotency_conflict'],
      'The Idempotency-Key was used with another body.',
    ),
    response(400, 'invalid_state', 'never', ['invalid_state'], 'The job has ended and cannot be cancelled.'),
    response(
      401,
      'invalid_api_key',
      'after_fix',
      ['unauthenticated'],
      'The key is missing, unknown or revoked.',
    ),
    response(
      402,
      INSUFFICIENT_BALANCE,
      'after_fix',
      ['insufficient_credits', 'payment_required'],
      'The balance does not cover the most that the call can cost.',
    ),
    response(
      403,
      'forbidden',
      'never',
      ['forbidden', 'access_denied', 'method_not_allowed', 'origin_not_allowed', 'ip_not_allowed'],
      'Not allowed: the wrong host, an endpoint of the web application, or the wrong method.',
    ),
    response(
      403,
      'account_disabled',
      'after_fix',
      ['account_disabled'],
      'The key or its workspace is disabled.',
    ),
    response(
      404,
      'model_not_found',
      'after_fix',
      ['model_not_found', 'model_inactive', 'model_paused'],
      'The model is unknown, inactive, of another workspace, or not for this endpoint.',
    ),
    unknown('job_not_found', 'job', 'The training job is unknown or of another workspace.'),
    unknown('batch_not_found', 'batch', 'The batch is unknown or of another workspace.'),
    response(404, 'not_found', 'never', ['not_found', 'route_not_found'], 'Nothing exists at this path.'),
    response(
      429,
      'rate_limit_exceeded',
      'after_delay',
      ['rate_limited', 'concurrency_limited', 'queue_full'],
      'Too many requests a minute, or too many at once.',
    ),
    response(
      500,
      'internal_error',
      'backoff',
      ['internal_error', 'storage_unavailable', 'charge_failed', 'model_misconfigured'],
      'Something broke here.',
    ),
    response(
      502,
      'upstream_error',
      'backoff',
      ['upstream_failed', 'upstream_invalid_result', 'outcome_unknown'],
      'The model backend sent an invalid answer or dropped the connection.',
    ),
    response(
      503,
      'service_unavailable',
      'backoff',
      [
        'shutting_down',
        'upstream_unavailable',
        'upstream_timeout',
        'upstream_rate_limited',
        'limiter_unavailable',
        'no_route',
        'model_not_billable',
      ],
      'The model backend is down, loading or too slow, or the server is draining.',
    ),
    {
      code: 'failed',
      status: null,
      told: 'job',
      canonical: canonicalCodes,
      retry: 'after_fix',
      retryAfter: false,
      when: 'The training job or the batch failed; `error` says why.',
    },
  ],
};
