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
/** Checked here, at the start: every canonical error has a row. */
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

/** The row of an error in a place: its finer reason first, then its code there, then its code anywhere. */
function rowFor({ code, detail }: Pick<GenlockError, 'code' | 'detail'>, place: SkytellsPlace): SkytellsRow {
  const there = (cause: SkytellsCause) => onlyThere.get(`${place} ${cause}`);
  const row =
    (detail.reason === undefined ? undefined : there(`${code}/${detail.reason}`)) ??
    there(code) ??
    anywhere.get(code);
  // Unreachable: the check above has every code.
  if (row === undefined) throw new Error(`no row for ${code}`);
  return row;
}

/**
 * Failures of what serves a model, as against those of the model itself: the first are told as a 502 envelope with an id,
 * by create while the caller waits and by every later read; the others are a resource that reads as failed (section 9.3).
 */
export const SERVING_FAILURES: readonly CanonicalCode[] = [
  'upstream_failed',
  'upstream_timeout',
  'upstream_unavailable',
  'upstream_rate_limited',
  'outcome_unknown',
];

/** Create has an id for each, so none has to wait for the job. */
export const tellable: readonly CanonicalCode[] = [...SERVING_FAILURES, 'upstream_invalid_result'];

/** Every 429 and 503 has a Retry-After; where nobody knows better, this one. */
const RETRY_AFTER_MS = 5_000;

/** An error in the words of the contract: the unified envelope (section 9.1) or, on inference routes, section 12's. */
export function renderError(error: GenlockError, requestId: string, telling: Telling): WireReply {
  const row = rowFor(error, telling.place);
  // Unreachable: every row of a response has one.
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
  // The known texts of section 9.1; people wrote programs against them, although they should not have.
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

/** Section 12. Upstream details never leak, and neither do ours. */
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
