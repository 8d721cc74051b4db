import type { FastifyPluginAsync } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import type { HttpContext } from '../../http/module.ts';
import { openScope } from '../../http/open-scope.ts';
import { balanceRoutes } from './balance.ts';
import { fileRoutes } from './files.ts';
import { generationRoutes } from './generations.ts';
import { modelRoutes } from './models-routes.ts';
import { sendError } from './send.ts';
import { speechRoutes } from './tts.ts';

/** All routes of the dialect below its mount. An unknown path or method is refused before the key is checked (section 11.5). */
export function routes({ core }: HttpContext, dialect: Dialect): FastifyPluginAsync {
  return async (scope) => {
    openScope(scope);
    scope.setErrorHandler((thrown, request, reply) => sendError(core, request, reply, thrown));
    scope.setNotFoundHandler((request, reply) =>
      sendError(core, request, reply, new GenlockError('route_not_found')),
    );
    fileRoutes(scope, core);
    await scope.register(async (api) => speechRoutes(api, core, dialect), { prefix: '/api' });
    await scope.register(
      async (v1) => {
        speechRoutes(v1, core, dialect);
        balanceRoutes(v1, core);
        modelRoutes(v1, core);
        await generationRoutes(v1, core, dialect);
      },
      { prefix: '/api/v1' },
    );
  };
}
