import { canonicalErrors } from '@genlock/contracts';
import type { Dialect, Readings } from '../dialect.ts';
import type { GenerationError } from '../error.ts';
import { isObject, text } from '../json.ts';
import { type ErrorAnswer, errorOf, failureIn, readErrorOf } from '../parse.ts';

/** Its codes are the canonical ones. */
const codes: Readings = Object.fromEntries(
  Object.entries(canonicalErrors).map(([code, { retry }]) => [code, [code, retry]]),
) as unknown as Readings;

/** Genlock's own API: problem documents (RFC 9457). */
export const native: Dialect<'native'> = {
  name: 'native',
  responses: codes,
  jobs: codes,
  // A key is bound only together with a job, and an error answer means that there is none.
  errorsAreFree: true,
  readError({ code, detail, title, param, request_id }) {
    if (text(code) === undefined && text(title) === undefined) return undefined;
    return {
      code: text(code),
      message: text(detail) ?? text(title),
      param: text(param),
      requestId: text(request_id),
    };
  },
  readFailure(value) {
    const job = isObject(value.data) && value.type === 'generation.failed' ? value.data : value;
    if (job.status !== 'failed') return undefined;
    const error = isObject(job.error) ? job.error : {};
    const charged = isObject(job.cost) ? Number(job.cost.charged_usd ?? 0) : 0;
    return {
      code: text(error.code),
      message: text(error.message),
      requestId: text(error.request_id),
      generationId: text(job.id),
      charged: error.code === 'outcome_unknown' || charged > 0,
    };
  },
  requests: {
    repeatable: /\/(?:cancel|quotes|uploads)\/?$/,
    paid: /\/generations(?:\/[^/]+\/retry)?\/?$/,
    keyed: /\/generations(?:\/[^/]+\/retry)?\/?$/,
  },
};

/** The error in a response; see {@link readErrorOf}. Never throws. */
export function parseNativeError(response: Response): Promise<GenerationError<'native'>> {
  return readErrorOf(native, response);
}

/** The same for an answer whose body has already been read. Never throws. */
export function parseNativeErrorBody(answer: ErrorAnswer): GenerationError<'native'> {
  return errorOf(native, answer);
}

/** The failure inside a success; undefined if there is none. Never throws. */
export function parseNativeFailure(value: unknown): GenerationError<'native'> | undefined {
  return failureIn(native, value);
}
