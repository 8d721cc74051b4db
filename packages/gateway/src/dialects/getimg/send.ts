import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { noteFailure } from '../../http/failure.ts';
import { renderError } from './errors.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers with JSON, written here once: the framework would look for a schema and serialise again. */
export function sendJson(reply: FastifyReply, status: number, value: object): FastifyReply {
  return reply.code(status).header('content-type', JSON_TYPE).send(JSON.stringify(value));
}

/** Answers with an error. What is the operator's or the provider's to mend is logged under the request id. */
export function sendError(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  error: GenlockError,
): FastifyReply {
  const fault = renderError(error, request.id);
  noteFailure(core, request, error, fault.status);
  return reply.code(fault.status).headers(fault.headers).send(fault.body);
}
