import { type CanonicalCode, canonicalCodes } from './canonical.ts';
import type { Catalogue, CatalogueRow } from './catalogue.ts';

export type GetimgErrorCode =
  | 'invalid_api_key'
  | 'parameter_missing'
  | 'invalid_parameter'
  | 'quota_exceeded'
  | 'content_policy_violation'
  | 'rate_limit'
  | 'not_found'
  | 'server_error';

export interface GetimgRow extends CatalogueRow<GetimgErrorCode> {
  /** The page that explains it; null if there is none, in which case answers leave out `doc_url`. */
  readonly docUrl: string | null;
}

export interface GetimgCatalogue extends Catalogue<GetimgErrorCode> {
  readonly rows: readonly GetimgRow[];
}

const GUIDES = 'https://docs.getimg.ai/guides';

const response = (
  status: number,
  code: GetimgErrorCode,
  retry: GetimgRow['retry'],
  canonical: readonly CanonicalCode[],
  when: string,
  guide?: string,
): GetimgRow => ({
  code,
  status,
  told: 'response',
  canonical,
  retry,
  retryAfter: status === 429,
  when,
  docUrl: guide === undefined ? null : `${GUIDES}/${guide}`,
});

const job = (
  code: GetimgErrorCode,
  retry: GetimgRow['retry'],
  canonical: readonly CanonicalCode[],
  when: string,
): GetimgRow => ({
  code,
  status: null,
  told: 'job',
  canonical,
  retry,
  retryAfter: false,
  when,
  docUrl: null,
});

/** Errors that a provider may only find while it works, and that the caller can correct. */
const UNUSABLE_INPUT = [
  'parameter_missing',
  'invalid_parameter',
  'parameter_conflict',
  'parameter_not_allowed',
  'source_media_required',
  'invalid_media',
  'media_too_large',
  'media_unreadable',
  'media_too_short',
] as const satisfies readonly CanonicalCode[];

const told: ReadonlySet<CanonicalCode> = new Set([...UNUSABLE_INPUT, 'content_rejected']);

/** The eight public codes (contracts/getimg.md section 9), and the three of them that a failed video job can have (section 5). */
export const getimgCatalogue: GetimgCatalogue = {
  dialect: 'getimg',
  source: 'contracts/getimg.md section 9',
  rows: [
    response(
      401,
      'invalid_api_key',
      'after_fix',
      ['unauthenticated', 'account_disabled', 'origin_not_allowed', 'ip_not_allowed', 'forbidden'],
      'The key is missing, malformed, revoked, paused or unknown.',
      'authentication',
    ),
    response(
      400,
      'parameter_missing',
      'after_fix',
      ['parameter_missing', 'source_media_required'],
      'A required parameter is absent.',
    ),
    response(
      400,
      'invalid_parameter',
      'after_fix',
      [
        'malformed_request',
        'invalid_parameter',
        'parameter_conflict',
        'parameter_not_allowed',
        'invalid_media',
        'media_too_large',
        'media_unreadable',
        'media_too_short',
        'model_not_found',
        'model_unsupported',
        'model_inactive',
        'model_paused',
        'model_not_billable',
        'unknown_pack',
        'invalid_state',
        'idempotency_conflict',
      ],
      'A value is not supported for the chosen model, or the body cannot be read.',
    ),
    response(
      402,
      'quota_exceeded',
      'after_fix',
      ['insufficient_credits', 'payment_required'],
      'The balance is too low.',
      'billing',
    ),
    response(
      422,
      'content_policy_violation',
      'after_fix',
      ['content_rejected'],
      'The prompt or a reference picture failed the safety checks.',
    ),
    response(
      429,
      'rate_limit',
      'after_delay',
      ['rate_limited', 'concurrency_limited', 'queue_full'],
      'Too many submissions in a minute, or too many generations at once.',
      'rate-limits',
    ),
    response(
      404,
      'not_found',
      'never',
      ['not_found', 'route_not_found', 'method_not_allowed', 'access_denied'],
      'The resource does not exist.',
    ),
    response(
      500,
      'server_error',
      'backoff',
      [
        'model_misconfigured',
        'no_route',
        'charge_failed',
        'limiter_unavailable',
        'upstream_failed',
        'upstream_timeout',
        'upstream_rate_limited',
        'upstream_unavailable',
        'upstream_invalid_result',
        'outcome_unknown',
        'internal_error',
        'storage_unavailable',
        'shutting_down',
      ],
      'The gateway or a provider failed, or took too long.',
    ),
    job(
      'content_policy_violation',
      'after_fix',
      ['content_rejected'],
      'Moderation refused it after the start.',
    ),
    job(
      'invalid_parameter',
      'after_fix',
      UNUSABLE_INPUT,
      'A reference picture cannot be fetched or decoded.',
    ),
    job(
      'server_error',
      'backoff',
      canonicalCodes.filter((code) => !told.has(code)),
      'The video could not be made, for any other reason.',
    ),
  ],
};
