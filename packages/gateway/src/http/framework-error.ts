import { GenlockError } from '../domain/error.ts';

/**
 * What was thrown on the way through the HTTP framework, as one of ours. The framework's own refusals (a body over the cap, a
 * Content-Length that lies, a media type that nothing reads) have a 4xx status and are the caller's; the rest is a mistake of
 * ours.
 */
export function fromFramework(thrown: unknown): GenlockError {
  if (thrown instanceof GenlockError) return thrown;
  const status = thrown instanceof Error ? (thrown as { statusCode?: unknown }).statusCode : undefined;
  const callers = typeof status === 'number' && status >= 400 && status < 500;
  if (!callers) return GenlockError.from(thrown);
  const message = status === 413 ? 'The body is too large.' : 'The request could not be read.';
  return new GenlockError('malformed_request', message, { cause: thrown });
}
