import { type CanonicalCode, canonicalErrors, type Retry } from '@genlock/contracts';
import type { Dialect, WireError } from './dialect.ts';
import { readingOf } from './dialect.ts';
import { type DialectName, GenerationError } from './error.ts';
import { isObject, type JsonObject, parseJson, text } from './json.ts';
import { readBody } from './read-body.ts';
import { retryAfterMs } from './retry-after.ts';
import { jsonIn } from './sse.ts';
import { codeOfStatus } from './status-class.ts';

const UNSURE: readonly [CanonicalCode, Retry?] = ['outcome_unknown'];

/** Large, because a stream reports its failure at the end. */
const MAX_STREAM_BYTES = 16 * 1024 * 1024;

/** An answer whose body has been read. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** The text as it came, or parsed JSON. */
  readonly body?: unknown;
  /** The present time, for a date in `Retry-After`. */
  readonly nowMs?: number;
}

/**
 * The error in a response, whatever its body is: the dialect's own form, a proxy's HTML, empty, or cut off. Reads the body. Never throws.
 * If the response contains no error (status below 400, no failed job), the code is `outcome_unknown`.
 */
export async function readErrorOf<D extends DialectName>(
  dialect: Dialect<D>,
  response: Response,
): Promise<GenerationError<D>> {
  const { status, headers } = response;
  return errorOf(dialect, {
    status,
    headers,
    body: await readBody(response, status < 400 ? MAX_STREAM_BYTES : undefined),
  });
}

/** The same for an answer whose body has already been read. Never throws. */
export function errorOf<D extends DialectName>(dialect: Dialect<D>, answer: ErrorAnswer): GenerationError<D> {
  const { status, body } = answer;
  const raw = typeof body === 'string' ? (parseJson(body) ?? body) : body;
  if (status < 400) {
    const failure = failureIn(dialect, raw, status);
    if (failure !== undefined) return failure;
  }
  const headers = headersOf(answer.headers);
  const wire = isObject(raw) ? dialect.readError(raw, status) : undefined;
  const known = readingOf(dialect.responses, wire?.code, status);
  // Most tables have the same row for failed work and for work of unknown fate; Genlock marks the latter by this header. Any other service
  // that forbids repeating a failure does not rule out the work either.
  const isUnsure = known && status >= 500 && headers.get('x-should-retry') === 'false';
  const [code, retry] = isUnsure ? UNSURE : (known ?? [codeOfStatus(status)]);
  return new GenerationError<D>({
    code,
    retry,
    dialect: dialect.name,
    wireCode: wire?.code,
    status,
    message: wire?.message ?? `${dialect.name}: HTTP ${status}${known ? '' : ' without a known error'}`,
    retryAfterMs: retryAfterMs(headers, answer.nowMs ?? Date.now()) ?? wire?.retryAfterMs,
    param: wire?.param,
    requestId: wire?.requestId ?? headers.get('x-request-id'),
    generationId: wire?.generationId,
    raw,
    mayHaveBeenCharged:
      code === 'outcome_unknown' ||
      ((status >= 500 || status === 408) && !isFree(dialect, known, wire, status)),
  });
}

/** Whether an error is a known one of the dialect, and not one of something in between. */
export function isOwnError({ responses }: Dialect, { wireCode, status }: GenerationError): boolean {
  return readingOf(responses, wireCode ?? undefined, status ?? undefined) !== undefined;
}

/** Names that are not valid for headers, such as `:status`, would throw. */
function headersOf(init: ErrorAnswer['headers']): Headers {
  try {
    return new Headers(init);
  } catch {
    return new Headers();
  }
}

/** Whether an answer that looks like a broken server rules out, by its own words, that any work was done and charged. */
function isFree(
  { errorsAreFree, refusals }: Dialect,
  known: ReturnType<typeof readingOf>,
  wire: WireError | undefined,
  status: number,
): boolean {
  if (known === undefined) return false;
  const [code, retry = canonicalErrors[code].retry] = known;
  return (
    errorsAreFree === true ||
    retry === 'never' ||
    retry === 'after_fix' ||
    refusals?.includes(`${wire?.code}@${status}`) === true
  );
}

/**
 * The failure inside a success: in a job object, a webhook payload, or events of a stream (their data, or the stream's text). Undefined if
 * there is none. Never throws.
 */
export function failureIn<D extends DialectName>(
  dialect: Dialect<D>,
  value: unknown,
  status?: number,
): GenerationError<D> | undefined {
  for (const object of typeof value === 'string' ? jsonIn(value) : [value]) {
    const failure = isObject(object)
      ? (jobFailure(dialect, object, status) ?? lateError(dialect, object, status))
      : undefined;
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** The failure of an accepted job. An unknown code is final as well, because a job has only one end. */
function jobFailure<D extends DialectName>(
  dialect: Dialect<D>,
  raw: JsonObject,
  status: number | undefined,
): GenerationError<D> | undefined {
  const wire = dialect.readFailure(raw);
  if (wire === undefined) return undefined;
  const reading = readingOf(dialect.jobs, wire.code) ?? ['upstream_failed', 'after_fix'];
  return failed(dialect, raw, status, wire, reading, wire.charged ?? reading[0] === 'outcome_unknown');
}

/** An error of a request whose status had already been sent: in the middle of a stream, or from a server that always answers 200. */
function lateError<D extends DialectName>(
  dialect: Dialect<D>,
  raw: JsonObject,
  status: number | undefined,
): GenerationError<D> | undefined {
  const told = dialect.readError(raw, status ?? 200);
  const known = readingOf(dialect.responses, told?.code);
  const wire = known === undefined ? strangeError(raw, told) : told;
  if (wire === undefined) return undefined;
  const reading = known ?? ['upstream_failed'];
  // At some services, what had been made by then is charged.
  const charged = canonicalErrors[reading[0]].blame !== 'caller';
  return failed(dialect, raw, status, wire, reading, charged);
}

function failed<D extends DialectName>(
  { name }: Dialect<D>,
  raw: JsonObject,
  status: number | undefined,
  wire: WireError,
  [code, retry]: readonly [CanonicalCode, Retry?],
  mayHaveBeenCharged: boolean,
): GenerationError<D> {
  return new GenerationError<D>({
    ...wire,
    code,
    retry,
    dialect: name,
    wireCode: wire.code,
    status,
    message: wire.message ?? `${name}: the generation failed`,
    raw,
    mayHaveBeenCharged,
  });
}

/**
 * An error that the tables do not know, in the dialect's form or in OpenAI's. An object with an id or a status is a result and not an
 * error.
 */
function strangeError(raw: JsonObject, told: WireError | undefined): WireError | undefined {
  const { type, response } = raw;
  if (type !== 'error' && (text(raw.id) ?? text(raw.status))) return undefined;
  // Inside `response` in the event `response.failed`.
  const { error } = isObject(response) ? response : raw;
  if (type !== 'error' && !isObject(error)) return told?.code || text(error) ? told : undefined;
  const { code, message } = isObject(error) ? error : raw;
  return { code: text(code), message: text(message), ...told };
}

/** An error in place of a result. Undefined for everything else, including failed jobs. Never throws. */
export function errorIn<D extends DialectName>(
  dialect: Dialect<D>,
  value: unknown,
  status: number,
): GenerationError<D> | undefined {
  return isObject(value) && dialect.readFailure(value) === undefined
    ? lateError(dialect, value, status)
    : undefined;
}
