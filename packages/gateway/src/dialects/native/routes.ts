import type { FastifyPluginAsync } from 'fastify';
import type { Dialect } from '../../gateway/dialect.ts';
import type { HttpContext } from '../../http/module.ts';
import { openScope } from '../../http/open-scope.ts';
import { sendProblem } from '../../http/send.ts';
import { watchRoutes } from '../../http/unrouted.ts';
import { assetRoutes } from './assets.ts';
import { createRoutes } from './create.ts';
import { eventRoutes } from './events.ts';
import { generationRoutes } from './generations.ts';
import { createGuard } from './guard.ts';
import { modelRoutes } from './models-routes.ts';
import { moneyRoutes } from './money.ts';
import { uploadRoutes } from './uploads.ts';
import { webhookRoutes } from './webhooks.ts';

/** All routes of the dialect below its mount. Every error, also for unknown paths, is a problem document. */
export function routes({ core }: HttpContext, dialect: Dialect): FastifyPluginAsync {
  return async (scope) => {
    openScope(scope);
    const unrouted = watchRoutes(scope);
    scope.addHook('onRequest', createGuard(core, unrouted));
    scope.setErrorHandler((thrown, request, reply) => sendProblem(core, request, reply, thrown));
    // With a handler of its own, the guard runs before a 404, too.
    scope.setNotFoundHandler((request, reply) => sendProblem(core, request, reply, unrouted(request, reply)));
    createRoutes(scope, core, dialect);
    generationRoutes(scope, core);
    eventRoutes(scope, core);
    assetRoutes(scope, core);
    modelRoutes(scope, core);
    moneyRoutes(scope, core);
    webhookRoutes(scope, core);
    await scope.register(async (files) => uploadRoutes(files, core));
  };
}
