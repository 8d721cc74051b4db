import type { FastifyPluginAsync } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import type { HttpContext } from '../../http/module.ts';
import { openScope } from '../../http/open-scope.ts';
import { assetRoutes } from './assets.ts';
import { balanceRoutes } from './balance.ts';
import { generationRoutes } from './generations.ts';
import { createGuard } from './guard.ts';
import { productRoutes } from './products-routes.ts';
import { quoteRoutes } from './quotes.ts';
import { sendError, sendJson } from './send.ts';
import { topUpRoutes } from './topups.ts';
import { uploadRoutes } from './uploads.ts';

/** All routes of the dialect below its mount. Errors, also for unknown paths, are in the contract's form. */
export function routes({ core }: HttpContext, dialect: Dialect): FastifyPluginAsync {
  return async (scope) => {
    openScope(scope);
    scope.setErrorHandler((thrown, request, reply) => sendError(core, request, reply, thrown));
    scope.setNotFoundHandler((request, reply) =>
      sendError(core, request, reply, new GenlockError('route_not_found')),
    );
    scope.route({
      method: ['GET', 'HEAD'],
      url: '/healthz',
      handler: (_request, reply) => sendJson(reply, 200, { status: 'ok' }),
    });

    await scope.register(
      async (v1) => {
        v1.addHook('onRequest', createGuard(core));
        // With a handler of its own, the guard runs before a 404, too.
        v1.setNotFoundHandler((request, reply) =>
          sendError(core, request, reply, new GenlockError('route_not_found')),
        );
        generationRoutes(v1, core, dialect);
        assetRoutes(v1, core);
        productRoutes(v1, core);
        balanceRoutes(v1, core);
        quoteRoutes(v1, core);
        topUpRoutes(v1, core);
        await v1.register(async (files) => uploadRoutes(files, core));
      },
      { prefix: '/v1' },
    );
  };
}
