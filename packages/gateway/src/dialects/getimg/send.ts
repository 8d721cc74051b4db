import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { sendFault } from '../../http/send.ts';
import { renderError } from './errors.ts';

export { sendJson } from '../../http/send.ts';

/** Answers with an error in the contract's form. */
export function sendError(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  error: GenlockError,
): FastifyReply {
  return sendFault(core, request, reply, error, renderError(error, request.id));
}
