import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { noteFailure } from '../../http/failure.ts';
import { fromFramework } from '../../http/framework-error.ts';
import type { WireReply } from '../../http/module.ts';
import { renderError } from './errors.ts';
import { placeOf } from './place.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers with JSON, written here once: the framework would look for a schema and serialise again. */
export function sendJson(reply: FastifyReply, status: number, value: object): FastifyReply {
  return reply.code(status).header('content-type', JSON_TYPE).send(JSON.stringify(value));
}

export function sendReply(reply: FastifyReply, { status, headers, body }: WireReply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** Answers with an error. What is the operator's or the provider's to mend is logged under the request id. */
export function sendError(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const error = fromFramework(thrown);
  const fault = renderError(error, request.id, placeOf(request));
  noteFailure(core, request, error, fault.status);
  return sendReply(reply, fault);
}
