import type { FastifyRequest } from 'fastify';
import type { GenlockError } from '../domain/error.ts';
import type { Core } from '../gateway/core.ts';

/** The ids that relate log lines: of the call, of its caller, and of the generation that it made. */
export function factsOf({ id, exchange }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return {
    request: id,
    account: exchange?.accountId,
    key: exchange?.keyId,
    generation: exchange?.generationId,
  };
}

/**
 * Counts an error that a caller is told. If the operator or the provider has to act, it is also logged with the ids of the call, except the
 * refusal of new work by a gateway that was told to stop.
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
