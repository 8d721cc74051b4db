import { GenlockError } from '../../domain/error.ts';
import { type Complaint, type FailureTable, failureOf } from '../upstream/failure.ts';
import { membersOf } from '../upstream/read-members.ts';

/** Reads an error body of any common shape: a code for programs and a message for people. */
function read(body: unknown): Complaint | undefined {
  const { error, detail, errors, ...own } = membersOf(body);
  const parts = [error, detail, errors, own].flat().filter((one) => one !== undefined);
  const codes = parts.flatMap((one) => textsIn(one, ['code', 'type', 'name', 'error_type', 'status']));
  const messages = parts.flatMap((one) =>
    typeof one === 'string' ? [one] : textsIn(one, ['message', 'msg', 'title', 'description', 'detail']),
  );
  if (codes.length + messages.length === 0) return undefined;
  return { code: codes.join(' '), message: messages.join(' ') };
}

function textsIn(value: unknown, names: readonly string[]): readonly string[] {
  const members = membersOf(value);
  return names.map((name) => members[name]).filter((one) => typeof one === 'string');
}

/** Packages call services of all kinds, so these rules contain only what most of them have in common. */
const failures: FailureTable = {
  read,
  rules: [
    {
      status: [400, 403, 422, 451],
      code: /content|moderat|safety|nsfw|sensitive|policy/i,
      is: 'content_rejected',
    },
    {
      status: [400, 403, 422, 451],
      message: /safety system|content polic|usage polic|moderation|\bnsfw\b|flagged/i,
      is: 'content_rejected',
    },
    {
      message: /quota|billing|(?:insufficient|exhausted|not enough) (?:balance|credit|fund)/i,
      is: 'model_misconfigured',
      routeDown: true,
    },
    { status: [409, 425], is: 'upstream_unavailable' },
  ],
};

interface ApiCallError extends Error {
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  readonly requestBodyValues?: unknown;
}

/** A marker that works across copies of the package, because the provider package has its own copy. */
const API_CALL_ERROR = Symbol.for('vercel.ai.error.AI_APICallError');

function isApiCallError(thrown: unknown): thrown is ApiCallError {
  return typeof thrown === 'object' && thrown !== null && API_CALL_ERROR in thrown;
}

/** Errors in the call itself, thrown before anything is sent. */
const OURS = [
  'AI_LoadAPIKeyError',
  'AI_LoadSettingError',
  'AI_NoSuchModelError',
  'AI_UnsupportedFunctionalityError',
  'AI_InvalidArgumentError',
  'AI_InvalidPromptError',
];
const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/**
 * The error of a failed call of an AI SDK model. Many packages order, poll and download within one call. An error that occurs after the
 * order says nothing about the order, so the work may have to be paid.
 *
 * @param paid the call may have ordered work
 * @param taken something that the package sent was answered with success
 */
export function faultOf(thrown: unknown, paid: boolean, taken = false): GenlockError {
  const error = meaningOf(thrown, paid);
  if (!paid || error === thrown || error.detail.accepted === 'yes') return error;
  if (!taken && (!isApiCallError(thrown) || isOrder(thrown))) return error;
  return new GenlockError(error.code, error.message, { ...error.detail, accepted: 'maybe' });
}

/** Whether this HTTP call was an order: polls and downloads have no request body. */
function isOrder({ requestBodyValues: values }: ApiCallError): boolean {
  return typeof values !== 'object' || values === null || Object.keys(values).length > 0;
}

function meaningOf(thrown: unknown, paid: boolean): GenlockError {
  if (thrown instanceof GenlockError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const raw = `${error.name}: ${error.message}`;
  if (OURS.includes(error.name))
    return new GenlockError('model_misconfigured', undefined, { raw, cause: thrown });
  const accepted = paid ? 'maybe' : 'no';
  if (!isApiCallError(error)) {
    const code = /^AI_/.test(error.name) ? 'upstream_invalid_result' : 'upstream_failed';
    // The reason why a job failed is usually here.
    const { data } = error as { readonly data?: unknown };
    const told = data === undefined ? raw : `${raw} ${JSON.stringify(data)}`;
    return new GenlockError(code, undefined, { raw: told, cause: thrown, accepted });
  }
  const { statusCode: status, responseHeaders = {}, responseBody = '' } = error;
  if (status === undefined) return lost(error, raw, accepted);
  // The answer was a success but could not be read.
  if (status < 300)
    return new GenlockError('upstream_invalid_result', undefined, {
      raw: `${raw} ${responseBody}`,
      accepted,
    });
  return failureOf(
    { status, headers: lowerCase(responseHeaders), body: Buffer.from(responseBody) },
    failures,
    paid,
  );
}

/** The error of a job that was started and failed; the package only gives a message. */
export function jobFailure(message: string): GenlockError {
  const refused = failures.rules.some(
    (rule) => rule.is === 'content_rejected' && rule.message?.test(message),
  );
  return new GenlockError(refused ? 'content_rejected' : 'upstream_failed', undefined, { raw: message });
}

function lost(error: Error, raw: string, accepted: 'maybe' | 'no'): GenlockError {
  const code = (error.cause as { readonly code?: unknown } | undefined)?.code;
  const known = typeof code === 'string' ? `${raw} (${code})` : raw;
  return NEVER_CONNECTED.includes(String(code))
    ? new GenlockError('upstream_unavailable', undefined, { raw: known })
    : new GenlockError('upstream_failed', undefined, { raw: known, accepted });
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
