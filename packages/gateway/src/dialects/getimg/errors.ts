import {
  type CanonicalCode,
  canonicalCodes,
  type GetimgErrorCode,
  getimgCatalogue,
  indexCatalogue,
} from '@genlock/contracts';
import type { GenlockError } from '../../domain/error.ts';
import type { WireReply } from '../../http/module.ts';
import { shouldRetryHeader } from '../../http/should-retry.ts';

const rows = indexCatalogue(getimgCatalogue, 'response', canonicalCodes);
const jobRows = indexCatalogue(getimgCatalogue, 'job', canonicalCodes);

/** The backend errors that can be reported at submission. */
export const tellable = getimgCatalogue.rows.flatMap((row) =>
  row.told === 'response' && row.code === 'server_error' ? row.canonical : [],
);

/** The wire code of a failed job (contract section 5). */
export function jobCodeOf(code: CanonicalCode): GetimgErrorCode {
  return jobRows.get(code)?.code ?? 'server_error';
}

/** The `param` of errors for which it does not depend on the request. */
const PARAM: Partial<Record<CanonicalCode, string>> = {
  model_not_found: 'model',
  model_unsupported: 'model',
  model_inactive: 'model',
  model_paused: 'model',
  model_not_billable: 'model',
  idempotency_conflict: 'Idempotency-Key',
};

const RETRY_AFTER_MS = 5_000;
/** The clients only obey values from 1 to 60 seconds (contract section 10). */
const MAX_RETRY_AFTER = 60;

/**
 * Renders an error in the contract's form (section 9): `type` is the same for all, `param` is always present, `doc_url` only if there is a
 * page.
 */
export function renderError(error: GenlockError, requestId: string): WireReply {
  const row = rows.get(error.code);
  // The defaults are unreachable: the index above has every canonical code, and every response row has a status.
  const status = row?.status ?? 500;
  const code = row?.code ?? 'server_error';
  const { param, retryAfterMs } = error.detail;
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
    ...shouldRetryHeader(error.code),
  };
  if (row?.retryAfter === true) headers['retry-after'] = seconds(retryAfterMs ?? RETRY_AFTER_MS);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const body = JSON.stringify({
    error: {
      message: error.message,
      type: 'invalid_request_error',
      param: param ?? PARAM[error.code] ?? null,
      code,
      ...(row?.docUrl != null && { doc_url: row.docUrl }),
    },
  });
  return { status, headers, body };
}

function seconds(ms: number): string {
  return String(Math.min(MAX_RETRY_AFTER, Math.max(1, Math.ceil(ms / 1000))));
}
