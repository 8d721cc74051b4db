import type { FastifyInstance } from 'fastify';
import { decorateCaller } from './caller.ts';
import { acceptRawBodies } from './json-body.ts';

/** What all routes of a dialect need: a field for the caller, bodies as raw bytes, and the request id on every answer. */
export function openScope(scope: FastifyInstance): void {
  decorateCaller(scope);
  acceptRawBodies(scope);
  scope.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}
