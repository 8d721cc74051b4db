import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { noteFailure } from '../../http/failure.ts';
import { fromFramework } from '../../http/framework-error.ts';
import * as http from '../../http/send.ts';
import { renderError } from './errors.ts';

/** Answers with JSON and its content type, because the SDK reads nothing else (contract section 1). */
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
  const fault = renderError(error, request.id, request.skytells ?? { place: 'elsewhere' });
  // For this error the contract's status is 500, but the caller is at fault, so it is logged as a 403.
  noteFailure(core, request, error, error.code === 'access_denied' ? 403 : fault.status);
  return http.sendReply(reply, fault);
}
