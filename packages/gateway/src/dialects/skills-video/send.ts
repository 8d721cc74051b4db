import type { SkillsVideoPlace } from '@genlock/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { fromFramework } from '../../http/framework-error.ts';
import { sendFault } from '../../http/send.ts';
import { renderError } from './errors.ts';
import { placeOf } from './place.ts';

export { sendJson, sendReply } from '../../http/send.ts';

/** Answers with an error in the contract's form. Unless given, its place is that of the route. */
export function sendError(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
  place: SkillsVideoPlace = placeOf(request),
): FastifyReply {
  const error = fromFramework(thrown);
  return sendFault(core, request, reply, error, renderError(error, request.id, place));
}
