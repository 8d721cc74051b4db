import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { fromFramework } from '../../http/framework-error.ts';
import * as http from '../../http/send.ts';
import { renderError } from './errors.ts';

/** Answers with JSON. 200 is the contract's only success status (section 15). */
export function sendJson(reply: FastifyReply, value: object): FastifyReply {
  return http.sendJson(reply, 200, value);
}

/** Answers with an error in the contract's form. */
export function sendError(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const error = fromFramework(thrown);
  return http.sendFault(core, request, reply, error, renderError(error, request.id));
}
