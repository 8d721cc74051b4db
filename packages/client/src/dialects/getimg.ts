import type { GetimgErrorCode } from '@genlock/contracts';
import type { Dialect, Readings } from '../dialect.ts';
import type { GenerationError } from '../error.ts';
import { isObject, text } from '../json.ts';
import { type ErrorAnswer, errorOf, failureIn, readErrorOf } from '../parse.ts';

const responses = {
  invalid_api_key: 'unauthenticated',
  parameter_missing: 'parameter_missing',
  invalid_parameter: 'invalid_parameter',
  quota_exceeded: 'insufficient_credits',
  content_policy_violation: 'content_rejected',
  rate_limit: 'rate_limited',
  not_found: 'not_found',
  server_error: 'internal_error',
} as const satisfies Readings & Record<GetimgErrorCode, unknown>;

/** Contract sections 5, 8 and 9. */
export const getimg: Dialect<'getimg'> = {
  name: 'getimg',
  responses,
  jobs: { ...responses, server_error: 'upstream_failed' },
  readError({ error }) {
    if (!isObject(error)) return undefined;
    return { code: text(error.code), message: text(error.message), param: text(error.param) };
  },
  readFailure(job) {
    if (job.status !== 'failed') return undefined;
    const error = isObject(job.error) ? job.error : {};
    return {
      code: text(error.code),
      message: text(error.message),
      generationId: text(job.id),
      // "A failed or refused generation costs nothing" (section 8).
      charged: false,
    };
  },
  requests: { keyed: /\/generations\/?$/, keysOptional: true },
};

/** The error in a response; see {@link readErrorOf}. Never throws. */
export function parseGetimgError(response: Response): Promise<GenerationError<'getimg'>> {
  return readErrorOf(getimg, response);
}

/** The same for an answer whose body has already been read. Never throws. */
export function parseGetimgErrorBody(answer: ErrorAnswer): GenerationError<'getimg'> {
  return errorOf(getimg, answer);
}

/** The failure inside a success; undefined if there is none. Never throws. */
export function parseGetimgFailure(value: unknown): GenerationError<'getimg'> | undefined {
  return failureIn(getimg, value);
}
