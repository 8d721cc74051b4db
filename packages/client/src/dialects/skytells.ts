import type { SkytellsErrorCode } from '@genlock/contracts';
import type { Dialect, Readings } from '../dialect.ts';
import type { GenerationError } from '../error.ts';
import { isObject, text } from '../json.ts';
import { type ErrorAnswer, errorOf, failureIn, readErrorOf } from '../parse.ts';

const responses = {
  INVALID_PARAMETER: 'invalid_parameter',
  INVALID_DATE_FORMAT: 'invalid_parameter',
  INVALID_DATE_RANGE: 'invalid_parameter',
  INVALID_PARAMETER_COMBINATION: 'parameter_conflict',
  PREDICTION_ID_REQUIRED: 'parameter_missing',
  INVALID_REQUEST: 'malformed_request',
  UNAUTHORIZED: 'unauthenticated',
  ACCOUNT_SUSPENDED: 'account_disabled',
  INSUFFICIENT_CREDITS: 'insufficient_credits',
  PAYMENT_REQUIRED: 'payment_required',
  MODEL_NOT_ACTIVE: 'model_inactive',
  MODEL_NOT_BILLABLE: 'model_not_billable',
  PARAMETER_NOT_ALLOWED: 'parameter_not_allowed',
  FORBIDDEN: 'forbidden',
  SECURITY_VIOLATION: 'ip_not_allowed',
  MODEL_NOT_FOUND: 'model_not_found',
  ENDPOINT_NOT_FOUND: 'route_not_found',
  'ENDPOINT_NOT_FOUND@405': 'method_not_allowed',
  VALIDATION_ERROR: 'parameter_missing',
  INVALID_INPUT: 'invalid_media',
  MODEL_NOT_SUPPORTED: 'model_unsupported',
  ASSET_URL_REQUIRED: 'source_media_required',
  FAILED_TO_CALCULATE_VIDEO_DURATION: 'media_unreadable',
  VIDEO_DURATION_LESS_THAN_4_SECONDS: 'media_too_short',
  RATE_LIMIT_EXCEEDED: 'rate_limited',
  RATE_LIMITED: 'rate_limited',
  INFERENCE_RATE_LIMITED: 'upstream_rate_limited',
  CONTENT_POLICY_VIOLATION: 'content_rejected',
  INTERNAL_ERROR: 'internal_error',
  INPUT_FIELD_MISSING: ['model_misconfigured', 'never'],
  CREDITS_DEDUCTION_FAILED: 'charge_failed',
  PREDICTION_FAILED: ['upstream_failed', 'never'],
  'PREDICTION_FAILED@500': 'upstream_invalid_result',
  FAILED_TO_FETCH_PREDICTION: 'storage_unavailable',
  ACCESS_DENIED: 'access_denied',
  INFERENCE_TIMEOUT: 'upstream_timeout',
  INFERENCE_ERROR: 'upstream_failed',
  'INFERENCE_ERROR@502': 'outcome_unknown',
  SERVICE_UNAVAILABLE: 'upstream_unavailable',
  'SERVICE_UNAVAILABLE@503': 'limiter_unavailable',
  UNKNOWN_ERROR: 'internal_error',
  PREDICTION_ERROR: 'no_route',
} as const satisfies Readings & Record<SkytellsErrorCode, unknown>;

/** Contract sections 5, 8, 9 and 12. */
export const skytells: Dialect<'skytells'> = {
  name: 'skytells',
  responses,
  // A failed prediction has a text and no error id (section 9.4), and nothing may branch on the text.
  jobs: {},
  refusals: ['PREDICTION_ERROR@503', 'SERVICE_UNAVAILABLE@503'],
  readError({ error, id }) {
    if (!isObject(error)) return undefined;
    return {
      code: text(error.error_id),
      message: text(error.message),
      param: text(error.param) ?? text(Object(error.details).parameter),
      requestId: text(error.request_id),
      generationId: text(id),
    };
  },
  readFailure(value) {
    const job = isObject(value.data) && value.type === 'prediction.failed' ? value.data : value;
    if (job.status !== 'failed') return undefined;
    return { message: text(job.error) ?? text(job.response), generationId: text(job.id), charged: false };
  },
  requests: { repeatable: /\/cancel\/?$/ },
};

/** The error in a response; see {@link readErrorOf}. Never throws. */
export function parseSkytellsError(response: Response): Promise<GenerationError<'skytells'>> {
  return readErrorOf(skytells, response);
}

/** The same for an answer whose body has already been read. Never throws. */
export function parseSkytellsErrorBody(answer: ErrorAnswer): GenerationError<'skytells'> {
  return errorOf(skytells, answer);
}

/** The failure inside a success; undefined if there is none. Never throws. */
export function parseSkytellsFailure(value: unknown): GenerationError<'skytells'> | undefined {
  return failureIn(skytells, value);
}
