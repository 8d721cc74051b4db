import { GenlockError } from '../../domain/error.ts';

/** Errors of connections that were never established, so the request cannot have arrived. */
const neverConnected = new WeakSet<object>();

/** Marks an error of the connector. */
export function markNeverConnected(error: Error): Error {
  neverConnected.add(error);
  return error;
}

/**
 * What a broken connection means for the call. Without a connection nothing arrived. After that nobody can tell, which matters if the call
 * costs money.
 */
export function transportError(thrown: unknown, paid: boolean): GenlockError {
  if (thrown instanceof GenlockError) return thrown;
  const error = thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : undefined;
  const raw = `${error?.code ?? error?.name ?? 'error'}: ${error?.message ?? String(thrown)}`;
  const detail = { raw, cause: thrown };
  if (error !== undefined && neverConnected.has(error))
    return new GenlockError('upstream_unavailable', undefined, detail);
  // For example a key with a line break in it: nothing was sent.
  if (error?.code === 'UND_ERR_INVALID_ARG')
    return new GenlockError('model_misconfigured', undefined, { ...detail, routeDown: true });
  const accepted = paid ? 'maybe' : 'no';
  return new GenlockError(isTimeout(error?.code) ? 'upstream_timeout' : 'upstream_failed', undefined, {
    ...detail,
    accepted,
  });
}

function isTimeout(code: string | undefined): boolean {
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || code === 'ETIMEDOUT';
}
