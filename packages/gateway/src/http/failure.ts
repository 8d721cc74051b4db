import type { FastifyRequest } from 'fastify';
import type { GenlockError } from '../domain/error.ts';
import type { Core } from '../gateway/core.ts';

/** The ids by which a line of the log is found again: of the call, of who makes it, and of the generation that it made. */
export function factsOf({ id, exchange }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return {
    request: id,
    account: exchange?.accountId,
    key: exchange?.keyId,
    generation: exchange?.generationId,
  };
}

/**
 * Counts an error that a caller is told. What is the operator's or the provider's to mend is logged under the ids of the call; that a
 * gateway which was told to stop takes on nothing is not.
 */
export function noteFailure(
  { log, metrics }: Core,
  request: FastifyRequest,
  error: GenlockError,
  status: number,
  event = 'request failed',
): void {
  metrics.refusals.of(request.exchange?.dialect ?? 'none', error.code).add();
  if (status >= 500 && error.code !== 'shutting_down')
    log.error({ ...factsOf(request), error: error.code, err: error.cause ?? error }, event);
}
