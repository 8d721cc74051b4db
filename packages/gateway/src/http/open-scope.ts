import type { FastifyInstance } from 'fastify';
import { decorateCaller } from './caller.ts';
import { acceptRawBodies } from './json-body.ts';

/** What the routes of a dialect stand on: a place for who calls, bodies as they came, and the id of the request on every answer. */
export function openScope(scope: FastifyInstance): void {
  decorateCaller(scope);
  acceptRawBodies(scope);
  scope.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}
