import type { FastifyPluginAsync } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { decorateCaller } from '../../http/caller.ts';
import { acceptRawBodies } from '../../http/json-body.ts';
import type { HttpContext } from '../../http/module.ts';
import { batchRoutes } from './batch/batch.ts';
import { assertEndpoint, createGuard } from './guard.ts';
import { healthRoutes } from './health.ts';
import { modelRoutes } from './models-routes.ts';
import { sendError } from './send.ts';
import { chatRoutes } from './text/chat.ts';
import { inferenceRoutes } from './text/inference.ts';
import { trainingRoutes } from './training/training.ts';
import { usageRoutes } from './usage.ts';

/** Contract section 1. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** All routes of the dialect below its mount. Errors, also for unknown paths, are in the contract's form. */
export function routes({ core }: HttpContext, dialect: Dialect): FastifyPluginAsync {
  return async (scope) => {
    decorateCaller(scope);
    acceptRawBodies(scope);
    scope.addHook('onRoute', (route) => {
      route.bodyLimit = MAX_BODY_BYTES;
    });
    scope.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      try {
        assertEndpoint(core, request, reply);
        done();
      } catch (refusal) {
        done(refusal as Error);
      }
    });
    scope.setErrorHandler((thrown, request, reply) => sendError(core, request, reply, thrown));
    scope.setNotFoundHandler((request, reply) =>
      sendError(core, request, reply, new GenlockError('route_not_found')),
    );
    healthRoutes(scope, core);

    await scope.register(async (guarded) => {
      guarded.addHook('onRequest', createGuard(core));
      chatRoutes(guarded, core, dialect);
      inferenceRoutes(guarded, core, dialect);
      batchRoutes(guarded, core, dialect);
      trainingRoutes(guarded, core, dialect);
      modelRoutes(guarded, core);
      usageRoutes(guarded, core);
    });
  };
}
