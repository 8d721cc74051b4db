import { canonicalErrors, problemStatus } from '@genlock/contracts';
import type { GenlockError } from '../domain/error.ts';
import type { WireReply } from './module.ts';
import { shouldRetryHeader } from './should-retry.ts';

/** When to try again if nothing better is known. */
const RETRY_AFTER_MS = 5_000;

/** Problem details (RFC 9457), with our canonical code, blame and retry as extension members. */
export function renderProblem(error: GenlockError, requestId: string): WireReply {
  const { blame, retry, summary } = canonicalErrors[error.code];
  const status = problemStatus[error.code];
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'x-request-id': requestId,
    ...shouldRetryHeader(error.code),
  };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (status === 429 || status === 503) {
    const waitMs = error.detail.retryAfterMs ?? RETRY_AFTER_MS;
    headers['retry-after'] = String(Math.max(1, Math.ceil(waitMs / 1000)));
  }
  const body = JSON.stringify({
    type: `urn:genlock:error:${error.code}`,
    title: summary,
    status,
    detail: error.message,
    code: error.code,
    blame,
    retry,
    ...(error.detail.param !== undefined && { param: error.detail.param }),
    request_id: requestId,
  });
  return { status, headers, body };
}
