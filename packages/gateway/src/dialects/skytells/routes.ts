import type { FastifyPluginAsync } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import type { HttpContext } from '../../http/module.ts';
import { openScope } from '../../http/open-scope.ts';
import { watchRoutes } from '../../http/unrouted.ts';
import { allowBrowsers } from './cors.ts';
import { createRoutes } from './create.ts';
import { fileRoutes } from './files.ts';
import { createGuard } from './guard.ts';
import { chatRoutes } from './inference/chat-routes.ts';
import { embeddingsRoutes } from './inference/embeddings-routes.ts';
import { responsesRoutes } from './inference/responses-routes.ts';
import { listRoutes } from './list.ts';
import { modelRoutes } from './models-routes.ts';
import { decoratePlace } from './place.ts';
import { predictionRoutes } from './prediction-routes.ts';
import { sendError } from './send.ts';
import { dropTrailingSlash } from './trailing-slash.ts';

/** All routes of the dialect below its mount. Errors, also for unknown paths, are in the contract's form. */
export function routes({ core }: HttpContext, dialect: Dialect): FastifyPluginAsync {
  return async (scope) => {
    openScope(scope);
    decoratePlace(scope);
    allowBrowsers(scope);
    dropTrailingSlash(scope);
    scope.setErrorHandler((thrown, request, reply) => sendError(core, request, reply, thrown));
    scope.setNotFoundHandler((request, reply) =>
      sendError(core, request, reply, new GenlockError('route_not_found')),
    );
    fileRoutes(scope, core);

    await scope.register(
      async (v1) => {
        const unrouted = watchRoutes(v1);
        v1.addHook('onRequest', createGuard(core, unrouted));
        // With a handler of its own, the guard runs before a 404, too.
        v1.setNotFoundHandler((request, reply) => sendError(core, request, reply, unrouted(request, reply)));
        createRoutes(v1, core, dialect);
        listRoutes(v1, core);
        predictionRoutes(v1, core);
        modelRoutes(v1, core);
        chatRoutes(v1, core, dialect);
        responsesRoutes(v1, core, dialect);
        embeddingsRoutes(v1, core, dialect);
      },
      { prefix: '/v1' },
    );
  };
}
