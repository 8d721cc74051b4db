import {
  type CanonicalCode,
  canonicalCodes,
  canonicalErrors,
  indexCatalogue,
  type SkytellsCause,
  type SkytellsPlace,
  type SkytellsRow,
  skytellsCatalogue,
} from '@genlock/contracts';
import type { GenlockError } from '../../domain/error.ts';
import type { WireReply } from '../../http/module.ts';
import { shouldRetryHeader } from '../../http/should-retry.ts';
import { CORS_HEADERS } from './cors.ts';
import type { Telling } from './place.ts';

const { rows } = skytellsCatalogue;
/** Checks at start that every canonical error has a row. */
indexCatalogue(skytellsCatalogue, 'response', canonicalCodes);

const anywhere = new Map<CanonicalCode, SkytellsRow>();
const onlyThere = new Map<string, SkytellsRow>();
for (const row of rows) {
  if (row.told === 'job') continue;
  for (const code of row.canonical) anywhere.set(code, row);
  for (const [place, causes] of Object.entries(row.placed ?? {})) {
    for (const cause of causes) onlyThere.set(`${place} ${cause}`, row);
  }
}

/** The row of an error in a place: by its finer reason, else by its code in that place, else by its code anywhere. */
function rowFor({ code, detail }: Pick<GenlockError, 'code' | 'detail'>, place: SkytellsPlace): SkytellsRow {
  const there = (cause: SkytellsCause) => onlyThere.get(`${place} ${cause}`);
  const row =
    (detail.reason === undefined ? undefined : there(`${code}/${detail.reason}`)) ??
    there(code) ??
    anywhere.get(code);
  // Unreachable: the check above covers every code.
  if (row === undefined) throw new Error(`no row for ${code}`);
  return row;
}

/**
 * Failures of the provider behind a model, as distinct from failures of the model itself. The former are answered with a 502 envelope and
 * an id, by create while the caller waits and by every later read; the latter are shown as a failed prediction (section 9.3).
 */
export const SERVING_FAILURES: readonly CanonicalCode[] = [
  'upstream_failed',
  'upstream_timeout',
  'upstream_unavailable',
  'upstream_rate_limited',
  'outcome_unknown',
];

/** Create has an error id for each of these, so none has to wait for the job. */
export const tellable: readonly CanonicalCode[] = [...SERVING_FAILURES, 'upstream_invalid_result'];

/** Every 429 and 503 has a Retry-After. This is the default. */
const RETRY_AFTER_MS = 5_000;

/** Renders an error in the contract's form: the unified envelope (section 9.1) or, on inference routes, that of section 12. */
export function renderError(error: GenlockError, requestId: string, telling: Telling): WireReply {
  const row = rowFor(error, telling.place);
  // Unreachable: every response row has a status.
  const status = row.status ?? 500;
  const headers: Record<string, string> = {
    ...CORS_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
    ...shouldRetryHeader(error.code),
  };
  if (row.retryAfter) headers['retry-after'] = seconds(error.detail.retryAfterMs ?? RETRY_AFTER_MS);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const body =
    telling.place === 'inference'
      ? inferenceBody(row, status, error, requestId)
      : envelope(row, status, error, telling);
  return { status, headers, body: JSON.stringify(body) };
}

function envelope(
  row: SkytellsRow,
  status: number,
  { code, message, detail }: GenlockError,
  telling: Telling,
) {
  const { place, details } = telling;
  const told = { http_status: status, message, details: details ?? null, error_id: row.code };
  // The known texts of section 9.1, because programs depend on them although they should not.
  if (row.code === 'UNAUTHORIZED')
    return { status: false, response: 'Invalid API key', error: { ...told, details: 'Invalid API key' } };
  if (row.code === 'VALIDATION_ERROR')
    return { status: false, response: message, error: { ...told, details: details ?? message } };
  if (place === 'prediction' && status === 502 && row.code !== 'ACCESS_DENIED')
    return {
      status: false,
      response: 'Error fetching prediction',
      error: { ...told, details: details ?? {} },
    };
  const named = detail.param === undefined ? null : { parameter: detail.param };
  return {
    status: false,
    response: canonicalErrors[code].summary,
    error: { ...told, details: details ?? named },
  };
}

/** Section 12. Internal details, of upstreams or our own, never appear. */
function inferenceBody(
  row: SkytellsRow,
  status: number,
  { message, detail }: GenlockError,
  requestId: string,
) {
  const { type, code } = row.inference ?? {
    type: status < 500 ? 'invalid_request_error' : 'server_error',
    code: row.code.toLowerCase(),
  };
  return {
    error: {
      message,
      type,
      code,
      error_id: row.code,
      status,
      param: detail.param ?? null,
      request_id: requestId,
      details: { category: status < 500 ? 'request' : 'service' },
    },
  };
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}
