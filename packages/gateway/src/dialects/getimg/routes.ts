import type { FastifyPluginAsync } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { decorateCaller } from '../../http/caller.ts';
import { fromFramework } from '../../http/framework-error.ts';
import { acceptRawBodies } from '../../http/json-body.ts';
import type { HttpContext } from '../../http/module.ts';
import { downloadRoutes } from './downloads.ts';
import { generationRoutes } from './generations.ts';
import { createGuard } from './guard.ts';
import { modelRoutes } from './models-routes.ts';
import { uncountRefused } from './rate-limits.ts';
import { sendError } from './send.ts';

/** All routes of the dialect below its mount. Any unknown path, including those of v1, is a 404 before the key is checked. */
export function routes({ core }: HttpContext, dialect: Dialect): FastifyPluginAsync {
  return async (scope) => {
    decorateCaller(scope);
    scope.decorateRequest('getimgSubmission', null);
    acceptRawBodies(scope);
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id);
      // Refused before a body is read that nobody needs.
      if (request.is404) throw new GenlockError('route_not_found');
    });
    scope.setErrorHandler(async (thrown, request, reply) => {
      const error = fromFramework(thrown);
      await uncountRefused(core, request, reply, error);
      return sendError(core, request, reply, error);
    });
    scope.setNotFoundHandler((request, reply) =>
      sendError(core, request, reply, new GenlockError('route_not_found')),
    );

    await scope.register(
      async (v2) => {
        downloadRoutes(v2, core);
        await v2.register(async (keyed) => {
          keyed.addHook('onRequest', createGuard(core));
          generationRoutes(keyed, core, dialect);
          modelRoutes(keyed, core);
        });
      },
      { prefix: '/v2' },
    );
  };
}
