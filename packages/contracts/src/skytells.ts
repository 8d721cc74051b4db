import { type CanonicalCode, canonicalCodes } from './canonical.ts';
import type { Catalogue, CatalogueRow } from './catalogue.ts';

export type SkytellsErrorCode =
  | 'INVALID_PARAMETER'
  | 'INVALID_DATE_FORMAT'
  | 'INVALID_DATE_RANGE'
  | 'INVALID_PARAMETER_COMBINATION'
  | 'PREDICTION_ID_REQUIRED'
  | 'INVALID_REQUEST'
  | 'UNAUTHORIZED'
  | 'ACCOUNT_SUSPENDED'
  | 'INSUFFICIENT_CREDITS'
  | 'PAYMENT_REQUIRED'
  | 'MODEL_NOT_ACTIVE'
  | 'MODEL_NOT_BILLABLE'
  | 'PARAMETER_NOT_ALLOWED'
  | 'FORBIDDEN'
  | 'SECURITY_VIOLATION'
  | 'MODEL_NOT_FOUND'
  | 'ENDPOINT_NOT_FOUND'
  | 'VALIDATION_ERROR'
  | 'INVALID_INPUT'
  | 'MODEL_NOT_SUPPORTED'
  | 'ASSET_URL_REQUIRED'
  | 'FAILED_TO_CALCULATE_VIDEO_DURATION'
  | 'VIDEO_DURATION_LESS_THAN_4_SECONDS'
  | 'RATE_LIMIT_EXCEEDED'
  | 'INFERENCE_RATE_LIMITED'
  | 'CONTENT_POLICY_VIOLATION'
  | 'INTERNAL_ERROR'
  | 'INPUT_FIELD_MISSING'
  | 'CREDITS_DEDUCTION_FAILED'
  | 'PREDICTION_FAILED'
  | 'FAILED_TO_FETCH_PREDICTION'
  | 'ACCESS_DENIED'
  | 'INFERENCE_TIMEOUT'
  | 'INFERENCE_ERROR'
  | 'SERVICE_UNAVAILABLE'
  | 'UNKNOWN_ERROR'
  | 'PREDICTION_ERROR';

/** Where a request was when it failed: the same cause has different ids in different places. */
export type SkytellsPlace =
  | 'create'
  | 'create_timed'
  | 'list'
  | 'prediction'
  | 'file'
  | 'inference'
  | 'elsewhere';

/** A canonical error, possibly narrowed by a finer reason: `invalid_parameter/date_range`. */
export type SkytellsCause = CanonicalCode | `${CanonicalCode}/${string}`;

export interface SkytellsRow extends CatalogueRow<SkytellsErrorCode> {
  /** The errors that become this row only in these places. There they take precedence over the `canonical` of other rows. */
  readonly placed?: { readonly [place in SkytellsPlace]?: readonly SkytellsCause[] };
  /** `type` and `code` of the error on the inference routes (section 12), if the row occurs there. */
  readonly inference?: { readonly type: string; readonly code: string };
}

export interface SkytellsCatalogue extends Catalogue<SkytellsErrorCode> {
  readonly rows: readonly SkytellsRow[];
}

type Extra = Pick<SkytellsRow, 'placed' | 'inference'>;

const response = (
  status: number,
  code: SkytellsErrorCode,
  retry: SkytellsRow['retry'],
  canonical: SkytellsRow['canonical'],
  when: string,
  extra: Extra = {},
): SkytellsRow => ({
  code,
  status,
  told: 'response',
  canonical,
  retry,
  retryAfter: status === 429 || status === 503,
  when,
  ...extra,
});

/** Both branches of create; `create_timed` is the one for video and audio. */
const onCreate = (...causes: readonly SkytellsCause[]): NonNullable<Extra['placed']> => ({
  create: causes,
  create_timed: causes,
});

/** Skytells' error ids (contracts/skytells.md sections 9 and 12), ordered by status. */
export const skytellsCatalogue: SkytellsCatalogue = {
  dialect: 'skytells',
  source: 'contracts/skytells.md sections 9.2 and 12',
  rows: [
    response(
      400,
      'INVALID_PARAMETER',
      'after_fix',
      ['invalid_parameter', 'invalid_state'],
      'A query parameter is out of range, or the prediction has ended and cannot be cancelled.',
      {
        placed: { inference: ['invalid_parameter', 'parameter_conflict', 'model_unsupported'] },
        inference: { type: 'invalid_request_error', code: 'invalid_parameter' },
      },
    ),
    response(400, 'INVALID_DATE_FORMAT', 'after_fix', [], '`from` or `to` is not a date of the form Y-m-d.', {
      placed: { list: ['invalid_parameter/date_format'] },
    }),
    response(400, 'INVALID_DATE_RANGE', 'after_fix', [], '`from` is after `to`.', {
      placed: { list: ['invalid_parameter/date_range'] },
    }),
    response(
      400,
      'INVALID_PARAMETER_COMBINATION',
      'after_fix',
      ['parameter_conflict'],
      'Query parameters or input fields exclude each other.',
    ),
    response(400, 'PREDICTION_ID_REQUIRED', 'after_fix', [], 'The path does not name a prediction.', {
      placed: { prediction: ['parameter_missing/prediction_id'] },
    }),
    response(
      400,
      'INVALID_REQUEST',
      'after_fix',
      ['malformed_request', 'idempotency_conflict', 'unknown_pack'],
      'The body cannot be read.',
      {
        placed: { inference: ['parameter_missing'] },
        inference: { type: 'invalid_request_error', code: 'invalid_request' },
      },
    ),
    response(
      401,
      'UNAUTHORIZED',
      'after_fix',
      ['unauthenticated'],
      'The key is missing, unknown or revoked.',
      {
        inference: { type: 'authentication_error', code: 'invalid_api_key' },
      },
    ),
    response(
      401,
      'ACCOUNT_SUSPENDED',
      'after_fix',
      ['account_disabled'],
      'The key or its account is suspended.',
      { inference: { type: 'authentication_error', code: 'account_suspended' } },
    ),
    response(
      402,
      'INSUFFICIENT_CREDITS',
      'after_fix',
      ['insufficient_credits'],
      'The balance is below the price.',
      {
        placed: { inference: ['payment_required'] },
        inference: { type: 'insufficient_quota', code: 'insufficient_quota' },
      },
    ),
    response(402, 'PAYMENT_REQUIRED', 'after_fix', ['payment_required'], 'There is no means of payment.'),
    response(
      403,
      'MODEL_NOT_ACTIVE',
      'after_fix',
      ['model_inactive', 'model_paused'],
      'The model is switched off.',
    ),
    response(403, 'MODEL_NOT_BILLABLE', 'after_fix', ['model_not_billable'], 'The model has no price.'),
    response(
      403,
      'PARAMETER_NOT_ALLOWED',
      'after_fix',
      ['parameter_not_allowed'],
      'An input is reserved for the Enterprise plan.',
    ),
    response(
      403,
      'FORBIDDEN',
      'after_fix',
      ['forbidden', 'origin_not_allowed'],
      'The key is valid but may not be used for this, or from this web page.',
      {
        placed: {
          inference: [
            'ip_not_allowed',
            'model_inactive',
            'model_paused',
            'model_not_billable',
            'parameter_not_allowed',
          ],
        },
        inference: { type: 'permission_error', code: 'forbidden' },
      },
    ),
    response(
      403,
      'SECURITY_VIOLATION',
      'after_fix',
      ['ip_not_allowed'],
      'The address is not on the list of the key.',
    ),
    response(404, 'MODEL_NOT_FOUND', 'after_fix', ['model_not_found'], 'No model has this slug.', {
      inference: { type: 'invalid_request_error', code: 'model_not_found' },
    }),
    response(
      404,
      'ENDPOINT_NOT_FOUND',
      'never',
      ['route_not_found'],
      'The route or the file does not exist.',
      {
        placed: { file: ['not_found', 'invalid_parameter'] },
        inference: { type: 'invalid_request_error', code: 'endpoint_not_found' },
      },
    ),
    response(
      405,
      'ENDPOINT_NOT_FOUND',
      'never',
      ['method_not_allowed'],
      'The route accepts other methods only.',
      {
        inference: { type: 'invalid_request_error', code: 'method_not_allowed' },
      },
    ),
    response(
      422,
      'VALIDATION_ERROR',
      'after_fix',
      ['parameter_missing'],
      '`model` or `input` is missing, or a member has a value that the model does not accept.',
      { placed: onCreate('invalid_parameter', 'malformed_request/unstorable_text') },
    ),
    response(
      422,
      'INVALID_INPUT',
      'after_fix',
      ['content_rejected', 'invalid_media', 'media_too_large'],
      'What serves the model refuses the input at once.',
    ),
    response(
      422,
      'MODEL_NOT_SUPPORTED',
      'after_fix',
      ['model_unsupported'],
      'The model makes neither images nor video nor audio.',
    ),
    response(
      422,
      'ASSET_URL_REQUIRED',
      'after_fix',
      ['source_media_required'],
      'The URL of the source is missing.',
    ),
    response(
      422,
      'FAILED_TO_CALCULATE_VIDEO_DURATION',
      'after_fix',
      ['media_unreadable'],
      'The length of the source cannot be read at its URL.',
    ),
    response(
      422,
      'VIDEO_DURATION_LESS_THAN_4_SECONDS',
      'after_fix',
      ['media_too_short'],
      'The source is shorter than 4 seconds.',
    ),
    response(
      429,
      'RATE_LIMIT_EXCEEDED',
      'after_delay',
      ['rate_limited', 'concurrency_limited', 'queue_full'],
      'A limit of the account, or of the account for this model, is reached.',
      { inference: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    ),
    response(
      429,
      'INFERENCE_RATE_LIMITED',
      'after_delay',
      [],
      'What serves the model has reached its own limit.',
      {
        placed: { inference: ['upstream_rate_limited'] },
        inference: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
      },
    ),
    response(451, 'CONTENT_POLICY_VIOLATION', 'after_fix', [], 'The text violates the content policy.', {
      placed: { inference: ['content_rejected'] },
      inference: { type: 'invalid_request_error', code: 'content_policy_violation' },
    }),
    response(
      500,
      'INTERNAL_ERROR',
      'backoff',
      ['internal_error', 'storage_unavailable'],
      'Something broke here, for example while a list was read.',
      {
        placed: { inference: ['charge_failed', 'model_misconfigured'] },
        inference: { type: 'server_error', code: 'service_error' },
      },
    ),
    response(
      500,
      'INPUT_FIELD_MISSING',
      'never',
      ['model_misconfigured'],
      'The server does not know which input of the model holds its source.',
    ),
    response(
      500,
      'CREDITS_DEDUCTION_FAILED',
      'backoff',
      ['charge_failed'],
      'The charge could not be booked.',
    ),
    response(
      500,
      'PREDICTION_FAILED',
      'backoff',
      [],
      'Video and audio: what serves the model answered with an unexpected structure.',
      { placed: { create_timed: ['upstream_invalid_result'] } },
    ),
    response(500, 'FAILED_TO_FETCH_PREDICTION', 'backoff', [], 'The prediction could not be loaded.', {
      placed: { prediction: ['storage_unavailable', 'internal_error'] },
    }),
    response(500, 'INFERENCE_ERROR', 'backoff', [], 'The model failed while the caller waited.', {
      placed: { inference: ['upstream_failed', 'upstream_invalid_result', 'outcome_unknown'] },
      inference: { type: 'server_error', code: 'service_error' },
    }),
    response(
      502,
      'ACCESS_DENIED',
      'never',
      ['access_denied', 'not_found'],
      'The prediction does not exist, or belongs to somebody else.',
      // An id that cannot even be routed is answered in the same way (section 9.3, rule 1).
      { placed: { prediction: ['route_not_found'] } },
    ),
    response(
      502,
      'PREDICTION_FAILED',
      'never',
      ['upstream_failed', 'upstream_invalid_result'],
      'What serves the model refused or failed.',
    ),
    response(
      502,
      'INFERENCE_TIMEOUT',
      'backoff',
      ['upstream_timeout'],
      'What serves the model took too long.',
    ),
    response(
      502,
      'SERVICE_UNAVAILABLE',
      'backoff',
      ['upstream_unavailable', 'upstream_rate_limited'],
      'What serves the model cannot be reached, or accepts no more work now.',
    ),
    response(
      502,
      'INFERENCE_ERROR',
      // Section 9.3 proposes otherwise, but work that broke off may have to be paid, and a retry would order it again.
      'never',
      ['outcome_unknown'],
      'What serves the model broke off, and nobody can tell how far it got. Nothing is charged.',
    ),
    response(502, 'UNKNOWN_ERROR', 'backoff', [], 'The stored prediction cannot be read.', {
      placed: { prediction: ['internal_error/garbage'] },
    }),
    response(
      503,
      'PREDICTION_ERROR',
      'backoff',
      ['no_route', 'shutting_down'],
      'Nothing can run the model, or the server accepts no more work.',
    ),
    response(
      503,
      'SERVICE_UNAVAILABLE',
      'backoff',
      ['limiter_unavailable'],
      'Requests cannot be counted, or nothing can run the model while the caller waits.',
      {
        placed: { inference: ['no_route', 'shutting_down', 'upstream_unavailable'] },
        inference: { type: 'server_error', code: 'service_unavailable' },
      },
    ),
    response(504, 'INFERENCE_TIMEOUT', 'backoff', [], 'The model did not answer in time.', {
      placed: { inference: ['upstream_timeout'] },
      inference: { type: 'server_error', code: 'inference_timeout' },
    }),
    {
      code: 'PREDICTION_FAILED',
      status: null,
      told: 'job',
      canonical: canonicalCodes,
      retry: 'after_fix',
      retryAfter: false,
      when: 'The prediction is shown as failed, with a text in `error`: the model refused the input or made nothing usable.',
    },
  ],
};
