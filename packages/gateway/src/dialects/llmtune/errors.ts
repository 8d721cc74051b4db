import {
  type CanonicalCode,
  canonicalCodes,
  INSUFFICIENT_BALANCE,
  indexCatalogue,
  type LlmtuneRow,
  llmtuneCatalogue,
} from '@genlock/contracts';
import type { GenlockError } from '../../domain/error.ts';
import type { WireReply } from '../../http/module.ts';
import { shouldRetryHeader } from '../../http/should-retry.ts';

const rows = indexCatalogue(llmtuneCatalogue, 'response', canonicalCodes);
const narrower = new Map<string, LlmtuneRow>(
  llmtuneCatalogue.rows.flatMap((row) =>
    row.only === undefined ? [] : [[`${row.only.canonical}/${row.only.reason}`, row]],
  ),
);

/** The backend errors that the table can express at submission: its 502 and 503. */
export const tellable: readonly CanonicalCode[] = llmtuneCatalogue.rows.flatMap(({ status, canonical }) =>
  status === 502 || status === 503 ? canonical : [],
);

/** Every 429 and 503 has a Retry-After. This is the default. */
const RETRY_AFTER_MS = 5_000;

/** The row of an error. In the middle of a stream only its code is used. */
export function rowOf({ code, detail }: GenlockError): { status: number; code: string; retryAfter: boolean } {
  const row =
    (detail.reason === undefined ? undefined : narrower.get(`${code}/${detail.reason}`)) ?? rows.get(code);
  // Both defaults are unreachable: the index above has every canonical code, and every response row has a status.
  return {
    status: row?.status ?? 500,
    code: row?.code ?? 'internal_error',
    retryAfter: row?.retryAfter ?? false,
  };
}

/**
 * Renders an error in the contract's form (section 15): `error` is always a string. With 402 it is the description and stands alone;
 * otherwise it is a code, with the text in `message`. A paid call that its deadline breaks off arrives here as `outcome_unknown` and
 * becomes a 502, not the 503 that the contract proposes: a 503 asks for the call to be sent again, although it may already have to be paid.
 */
export function renderError(error: GenlockError, requestId: string): WireReply {
  const { status, code, retryAfter } = rowOf(error);
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
    ...shouldRetryHeader(error.code),
  };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const seconds = Math.max(1, Math.ceil((error.detail.retryAfterMs ?? RETRY_AFTER_MS) / 1000));
  if (retryAfter) headers['retry-after'] = String(seconds);
  const body = JSON.stringify({
    error: code,
    ...(code !== INSUFFICIENT_BALANCE && { message: error.message }),
    // OpenAI clients read the header and the contract's own samples the body, so both are set to the same value.
    ...(status === 429 && { retryAfter: seconds }),
  });
  return { status, headers, body };
}
