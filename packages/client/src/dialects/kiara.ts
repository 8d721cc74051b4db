import type { KiaraErrorCode } from '@genlock/contracts';
import type { Dialect, Readings } from '../dialect.ts';
import type { GenerationError } from '../error.ts';
import { isObject, text } from '../json.ts';
import { type ErrorAnswer, errorOf, failureIn, readErrorOf } from '../parse.ts';

const responses = {
  authentication_failed: 'unauthenticated',
  account_disabled: 'account_disabled',
  origin_not_allowed: 'origin_not_allowed',
  ip_not_allowed: 'ip_not_allowed',
  invalid_request: 'invalid_parameter',
  invalid_product: 'model_not_found',
  source_image_required: 'source_media_required',
  invalid_image: 'invalid_media',
  image_too_large: 'media_too_large',
  invalid_pack: 'unknown_pack',
  insufficient_balance: 'insufficient_credits',
  not_found: 'not_found',
  product_paused: 'model_paused',
  invalid_state: 'invalid_state',
  idempotency_conflict: 'idempotency_conflict',
  rate_limited: 'rate_limited',
  queue_full: 'queue_full',
  rate_limiter_unavailable: 'limiter_unavailable',
  service_unavailable: ['upstream_unavailable', 'backoff'],
  'service_unavailable@502': ['upstream_failed', 'backoff'],
} as const satisfies Readings & Record<Exclude<KiaraErrorCode, 'generation_failed'>, unknown>;

/** Contract sections 11, 14 and 16. */
export const kiara: Dialect<'kiara'> = {
  name: 'kiara',
  responses,
  jobs: { generation_failed: ['upstream_failed', 'after_fix'] },
  // "A request that failed before a job existed (5xx) does not bind the key": an error answer means that there is no job.
  errorsAreFree: true,
  readError({ error }) {
    if (!isObject(error)) return undefined;
    return {
      code: text(error.code),
      message: text(error.message),
      param: text(error.field),
      requestId: text(error.request_id),
    };
  },
  readFailure(value) {
    const job = isObject(value.data) && value.type === 'generation.failed' ? value.data : value;
    if (job.status !== 'failed') return undefined;
    const error = isObject(job.error) ? job.error : {};
    return {
      code: text(error.code),
      message: text(error.message),
      requestId: text(error.request_id),
      generationId: text(job.id),
      // Failed jobs are refunded in full (section 12).
      charged: false,
    };
  },
  requests: {
    repeatable: /\/(?:cancel|quotes|uploads)\/?$/,
    keyed: /\/(?:generations(?:\/[^/]+\/retry)?|topups)\/?$/,
  },
};

/** The error in a response; see {@link readErrorOf}. Never throws. */
export function parseKiaraError(response: Response): Promise<GenerationError<'kiara'>> {
  return readErrorOf(kiara, response);
}

/** The same for an answer whose body has already been read. Never throws. */
export function parseKiaraErrorBody(answer: ErrorAnswer): GenerationError<'kiara'> {
  return errorOf(kiara, answer);
}

/** The failure inside a success; undefined if there is none. Never throws. */
export function parseKiaraFailure(value: unknown): GenerationError<'kiara'> | undefined {
  return failureIn(kiara, value);
}
