import { canonicalCodes } from './canonical.ts';
import type { Catalogue, CatalogueRow } from './catalogue.ts';

export type KiaraErrorCode =
  | 'authentication_failed'
  | 'account_disabled'
  | 'origin_not_allowed'
  | 'ip_not_allowed'
  | 'invalid_request'
  | 'invalid_product'
  | 'source_image_required'
  | 'invalid_image'
  | 'image_too_large'
  | 'invalid_pack'
  | 'insufficient_balance'
  | 'not_found'
  | 'product_paused'
  | 'invalid_state'
  | 'idempotency_conflict'
  | 'rate_limited'
  | 'queue_full'
  | 'rate_limiter_unavailable'
  | 'service_unavailable'
  | 'generation_failed';

type Row = CatalogueRow<KiaraErrorCode>;

const response = (
  status: number,
  code: KiaraErrorCode,
  retry: Row['retry'],
  canonical: Row['canonical'],
  when: string,
): Row => ({
  code,
  status,
  told: 'response',
  canonical,
  retry,
  retryAfter: status === 429 || status === 503,
  when,
});

/** Kiara's public error codes (contracts/kiara.md section 16). `service_unavailable` has two statuses, hence two rows. */
export const kiaraCatalogue: Catalogue<KiaraErrorCode> = {
  dialect: 'kiara',
  source: 'contracts/kiara.md section 16',
  rows: [
    response(
      401,
      'authentication_failed',
      'after_fix',
      ['unauthenticated'],
      'The bearer token is missing, unknown or revoked.',
    ),
    response(
      403,
      'account_disabled',
      'after_fix',
      ['account_disabled', 'forbidden'],
      'The key or the customer is paused.',
    ),
    response(
      403,
      'origin_not_allowed',
      'after_fix',
      ['origin_not_allowed'],
      'The origin is not on the key’s list.',
    ),
    response(
      403,
      'ip_not_allowed',
      'after_fix',
      ['ip_not_allowed'],
      'The caller’s address is not on the key’s list.',
    ),
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
        'media_unreadable',
        'media_too_short',
        'model_unsupported',
        // The catalogue has no code for moderation. A refusal is normally a failed job (see `moderation` in the dialect); one that must be
        // reported at submission is a validation error.
        'content_rejected',
      ],
      'The body or query fails validation.',
    ),
    response(400, 'invalid_product', 'after_fix', ['model_not_found'], 'The product id is unknown.'),
    response(
      400,
      'source_image_required',
      'after_fix',
      ['source_media_required'],
      'The product needs a source or start image.',
    ),
    response(400, 'invalid_image', 'after_fix', ['invalid_media'], 'The uploaded image cannot be decoded.'),
    response(400, 'image_too_large', 'after_fix', ['media_too_large'], 'The uploaded image is over the cap.'),
    response(400, 'invalid_pack', 'after_fix', ['unknown_pack'], 'The top-up pack is unknown.'),
    response(
      402,
      'insufficient_balance',
      'after_fix',
      ['insufficient_credits', 'payment_required'],
      'Not enough credits.',
    ),
    response(
      404,
      'not_found',
      'never',
      ['not_found', 'route_not_found', 'method_not_allowed', 'access_denied'],
      'The object does not exist, or does not belong to the key’s account.',
    ),
    response(
      409,
      'product_paused',
      'backoff',
      ['model_paused', 'model_inactive', 'model_not_billable'],
      'The product is temporarily off.',
    ),
    response(
      409,
      'invalid_state',
      'never',
      ['invalid_state'],
      'The state of the job does not allow the action.',
    ),
    response(
      409,
      'idempotency_conflict',
      'after_fix',
      ['idempotency_conflict'],
      'The key was reused with another body.',
    ),
    response(429, 'rate_limited', 'after_delay', ['rate_limited'], 'Too many requests.'),
    response(
      429,
      'queue_full',
      'after_delay',
      ['queue_full', 'concurrency_limited'],
      'Too many unfinished jobs on this key.',
    ),
    response(
      503,
      'rate_limiter_unavailable',
      'backoff',
      ['limiter_unavailable'],
      'The limiter cannot be reached.',
    ),
    response(
      503,
      'service_unavailable',
      'backoff',
      [
        'shutting_down',
        'storage_unavailable',
        'internal_error',
        'charge_failed',
        'model_misconfigured',
        'no_route',
        'upstream_unavailable',
        'upstream_timeout',
        'upstream_rate_limited',
      ],
      'The backend is known to be down, starting or draining, or something broke here.',
    ),
    response(
      502,
      'service_unavailable',
      'backoff',
      ['upstream_failed', 'upstream_invalid_result', 'outcome_unknown'],
      'The backend sent an invalid answer or broke the connection.',
    ),
    {
      code: 'generation_failed',
      status: null,
      told: 'job',
      canonical: canonicalCodes,
      retry: 'after_fix',
      retryAfter: false,
      when: 'The result could not be made; the hold was released.',
    },
  ],
};
