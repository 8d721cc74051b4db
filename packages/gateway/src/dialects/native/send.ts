import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { noteFailure } from '../../http/failure.ts';
import { fromFramework } from '../../http/framework-error.ts';
import { renderProblem } from '../../http/problem.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers with JSON, written here once: the framework would look for a schema and serialise again. */
export function sendJson(reply: FastifyReply, status: number, value: object): FastifyReply {
  return reply.code(status).header('content-type', JSON_TYPE).send(JSON.stringify(value));
}

/** Answers with a problem document. What is the operator's or the provider's to mend is logged under the request id. */
export function sendProblem(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const error = fromFramework(thrown);
  const fault = renderProblem(error, request.id);
  noteFailure(core, request, error, fault.status);
  return reply.code(fault.status).headers(fault.headers).send(fault.body);
}
