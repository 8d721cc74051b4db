import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GenlockError } from '../domain/error.ts';
import type { Core } from '../gateway/core.ts';
import { noteFailure } from './failure.ts';
import { fromFramework } from './framework-error.ts';
import type { WireReply } from './module.ts';
import { renderProblem } from './problem.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers with JSON, serialised here once: the framework would look for a schema and serialise again. */
export function sendJson(reply: FastifyReply, status: number, value: object): FastifyReply {
  return reply.code(status).header('content-type', JSON_TYPE).send(JSON.stringify(value));
}

export function sendReply(reply: FastifyReply, { status, headers, body }: WireReply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** Answers with an error in a dialect's words. If the operator or the provider has to act, it is logged under the request id. */
export function sendFault(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  error: GenlockError,
  fault: WireReply,
): FastifyReply {
  noteFailure(core, request, error, fault.status);
  return sendReply(reply, fault);
}

/** Answers with a problem document. */
export function sendProblem(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const error = fromFramework(thrown);
  return sendFault(core, request, reply, error, renderProblem(error, request.id));
}
