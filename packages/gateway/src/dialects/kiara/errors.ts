import { canonicalCodes, indexCatalogue, kiaraCatalogue } from '@genlock/contracts';
import type { GenlockError } from '../../domain/error.ts';
import type { WireReply } from '../../http/module.ts';
import { shouldRetryHeader } from '../../http/should-retry.ts';

const rows = indexCatalogue(kiaraCatalogue, 'response', canonicalCodes);

/** The backend errors that the catalogue can express at submission. */
export const tellable = kiaraCatalogue.rows.flatMap((row) =>
  row.code === 'service_unavailable' ? row.canonical : [],
);

/** Every 429 and 503 has a Retry-After (contract section 13). This is the default. */
const RETRY_AFTER_MS = 5_000;

/**
 * Renders an error in the contract's form (section 16). The table gives status and code; every answer has a message and the request id and,
 * if a member is at fault, its name.
 */
export function renderError(error: GenlockError, requestId: string): WireReply {
  const row = rows.get(error.code);
  // The defaults are unreachable: the index above has every canonical code, and every response row has a status.
  const status = row?.status ?? 503;
  const code = row?.code ?? 'service_unavailable';
  const { param, reason, retryAfterMs } = error.detail;
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
    ...shouldRetryHeader(error.code),
  };
  if (row?.retryAfter !== false) headers['retry-after'] = seconds(retryAfterMs ?? RETRY_AFTER_MS);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const body = JSON.stringify({
    error: {
      code,
      message: error.message,
      request_id: requestId,
      ...(param !== undefined && { field: param }),
      // For clients written according to the page on cancellation, which has a code that the catalogue lacks (contract section 17).
      ...(reason === 'not_cancelable' && { reason }),
    },
  });
  return { status, headers, body };
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}
