import { GenlockError } from '../domain/error.ts';

/**
 * Turns what was thrown in the HTTP framework into one of our errors. The framework's own refusals (a body over the limit, a false
 * Content-Length, a media type without a parser) have a 4xx status and are the caller's fault; anything else is a bug.
 */
export function fromFramework(thrown: unknown): GenlockError {
  if (thrown instanceof GenlockError) return thrown;
  const status = thrown instanceof Error ? (thrown as { statusCode?: unknown }).statusCode : undefined;
  const callers = typeof status === 'number' && status >= 400 && status < 500;
  if (!callers) return GenlockError.from(thrown);
  const message = status === 413 ? 'The body is too large.' : 'The request could not be read.';
  return new GenlockError('malformed_request', message, { cause: thrown });
}
