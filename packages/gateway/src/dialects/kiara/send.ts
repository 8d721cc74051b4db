import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { fromFramework } from '../../http/framework-error.ts';
import { sendFault } from '../../http/send.ts';
import { renderError } from './errors.ts';

export { sendJson } from '../../http/send.ts';

/** Answers with an error in the contract's form. */
export function sendError(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const error = fromFramework(thrown);
  return sendFault(core, request, reply, error, renderError(error, request.id));
}
