import { INSUFFICIENT_BALANCE, type LlmtuneErrorCode } from '@genlock/contracts';
import type { Dialect, Readings } from '../dialect.ts';
import type { GenerationError } from '../error.ts';
import { isObject, text } from '../json.ts';
import { type ErrorAnswer, errorOf, failureIn, readErrorOf } from '../parse.ts';
import { hintMs } from '../retry-after.ts';

/** With 402 there is a description in place of a code, and only its beginning is documented (contract section 15). */
const INSUFFICIENT = 'Insufficient balance';

const responses = {
  invalid_request: 'invalid_parameter',
  idempotency_conflict: 'idempotency_conflict',
  invalid_state: 'invalid_state',
  invalid_api_key: 'unauthenticated',
  [INSUFFICIENT_BALANCE]: 'insufficient_credits',
  forbidden: ['forbidden', 'never'],
  account_disabled: 'account_disabled',
  model_not_found: 'model_not_found',
  job_not_found: 'not_found',
  batch_not_found: 'not_found',
  not_found: 'not_found',
  rate_limit_exceeded: 'rate_limited',
  internal_error: 'internal_error',
  upstream_error: 'upstream_failed',
  service_unavailable: 'upstream_unavailable',
} as const satisfies Readings & Record<Exclude<LlmtuneErrorCode, 'failed'>, unknown>;

/** Contract sections 6, 7, 10, 12, 13 and 15. */
export const llmtune: Dialect<'llmtune'> = {
  name: 'llmtune',
  responses,
  // Failed training jobs and batches give their reason only in words.
  jobs: {},
  readError({ error, message, retryAfter }) {
    const told = text(error);
    if (told === undefined) return undefined;
    const retry = { retryAfterMs: hintMs(retryAfter) };
    if (told.startsWith(INSUFFICIENT)) return { code: INSUFFICIENT_BALANCE, message: told, ...retry };
    // "A short code or a description": text with a space is not a code.
    if (/\s/.test(told)) return { message: told, ...retry };
    return { code: told, message: text(message), ...retry };
  },
  readFailure(value) {
    const told = typeof value.event === 'string' && isObject(value.data);
    const job = told && isObject(value.data) ? value.data : value;
    const id = text(job.jobId) ?? text(job.batchId);
    const failed = job.status === 'failed' || (told && String(value.event).endsWith('.failed'));
    // `training.failed` also reports cancelled jobs (section 12).
    if (!failed || id === undefined || job.status === 'cancelled') return undefined;
    // A batch gives its reasons item by item.
    const [first] = Array.isArray(job.results) ? job.results : [];
    const message = text(job.error) ?? (isObject(first) ? text(first.error) : undefined);
    // Tokens trained or produced before the failure are charged (section 10).
    return { message, generationId: id, charged: true };
  },
  requests: {
    repeatable: /\/cancel\/?$/,
    keyed: /\/(?:training\/start|fine-tune|batch\/inference)\/?$/,
  },
};

/** The error in a response; see {@link readErrorOf}. Never throws. */
export function parseLlmtuneError(response: Response): Promise<GenerationError<'llmtune'>> {
  return readErrorOf(llmtune, response);
}

/** The same for an answer whose body has already been read. Never throws. */
export function parseLlmtuneErrorBody(answer: ErrorAnswer): GenerationError<'llmtune'> {
  return errorOf(llmtune, answer);
}

/** The failure inside a success; undefined if there is none. Never throws. */
export function parseLlmtuneFailure(value: unknown): GenerationError<'llmtune'> | undefined {
  return failureIn(llmtune, value);
}
