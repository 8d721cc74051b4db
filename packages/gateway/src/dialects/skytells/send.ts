import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { noteFailure } from '../../http/failure.ts';
import { fromFramework } from '../../http/framework-error.ts';
import { renderError } from './errors.ts';

/** The SDK reads nothing that does not say so (contract section 1). */
const JSON_TYPE = 'application/json; charset=utf-8';

export function sendJson(reply: FastifyReply, value: object): FastifyReply {
  return reply.code(200).header('content-type', JSON_TYPE).send(JSON.stringify(value));
}

/** Answers with an error. What is the operator's or the provider's to mend is logged under the request id. */
export function sendError(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const error = fromFramework(thrown);
  const fault = renderError(error, request.id, request.skytells ?? { place: 'elsewhere' });
  // The contract says 500 where the caller is not let in.
  noteFailure(core, request, error, error.code === 'access_denied' ? 403 : fault.status);
  return reply.code(fault.status).headers(fault.headers).send(fault.body);
}
