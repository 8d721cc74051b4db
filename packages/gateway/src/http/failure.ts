import type { FastifyRequest } from 'fastify';
import type { GenlockError } from '../domain/error.ts';
import type { Core } from '../gateway/core.ts';

/** Counts an error that a caller is told. What is the operator's or the provider's to mend is logged under the request id. */
export function noteFailure(
  { log, metrics }: Core,
  request: FastifyRequest,
  error: GenlockError,
  status: number,
): void {
  const { exchange } = request;
  metrics.refusals.of(exchange?.dialect ?? '', error.code).add();
  if (status < 500) return;
  log.error(
    {
      request: request.id,
      account: exchange?.accountId,
      key: exchange?.keyId,
      generation: exchange?.generationId,
      error: error.code,
      err: error.cause ?? error,
    },
    'request failed',
  );
}
