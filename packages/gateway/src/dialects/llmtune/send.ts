import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { noteFailure } from '../../http/failure.ts';
import { fromFramework } from '../../http/framework-error.ts';
import { renderError } from './errors.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers with JSON; 200 is the only success in the contract (section 15). */
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
  const fault = renderError(error, request.id);
  noteFailure(core, request, error, fault.status);
  return reply.code(fault.status).headers(fault.headers).send(fault.body);
}
