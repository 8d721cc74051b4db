import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../domain/error.ts';
import { fromFramework } from '../http/framework-error.ts';
import { refuseUnknown } from '../http/identify.ts';
import { sendProblem } from '../http/send.ts';
import { accountRoutes } from './accounts.ts';
import { attemptRoutes } from './attempts.ts';
import { auditRoutes } from './audit.ts';
import { keepAuditTrail, noteRefusal, openNote } from './audit-trail.ts';
import { createAuthorizer } from './authorize.ts';
import { readJsonBodies } from './body.ts';
import type { AdminContext } from './context.ts';
import { deliveryRoutes } from './deliveries.ts';
import { faultRoutes } from './faults.ts';
import { generationRoutes } from './generations.ts';
import { keyRoutes } from './keys.ts';
import { ledgerRoutes } from './ledger.ts';
import { modelRoutes } from './models.ts';
import { reconcileRoutes } from './reconcile.ts';
import { routeHealthRoutes } from './route-health.ts';
import { validateStrictly } from './validate.ts';
import { webhookRoutes } from './webhooks.ts';

/**
 * The operator's API (docs/operating.md), as a plugin for `/admin/v1`. The token is checked before anything else, even for paths without a
 * route. Every error is a problem document.
 */
export function adminRoutes(context: AdminContext): FastifyPluginAsync {
  const authorize = createAuthorizer(context.token);

  const answer = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const error = fromFramework(thrown);
    noteRefusal(request, error);
    sendProblem(context.core, request, reply, error);
  };

  return async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      // Answers contain keys and secrets.
      reply.header('cache-control', 'no-store');
      if (authorize(request.headers.authorization)) return openNote(request);
      // Wrong tokens are counted by address, like calls without a key.
      await refuseUnknown(
        context.core,
        request,
        new GenlockError('unauthenticated', 'The admin token is missing or wrong.'),
      );
    });
    app.setErrorHandler(answer);
    app.setNotFoundHandler((request, reply) => answer(new GenlockError('route_not_found'), request, reply));
    readJsonBodies(app);
    validateStrictly(app);
    keepAuditTrail(app, context);

    accountRoutes(app, context);
    ledgerRoutes(app, context);
    keyRoutes(app, context);
    modelRoutes(app, context);
    routeHealthRoutes(app, context);
    generationRoutes(app, context);
    attemptRoutes(app, context);
    auditRoutes(app, context);
    webhookRoutes(app, context);
    deliveryRoutes(app, context);
    reconcileRoutes(app, context);
    if (context.emulator) faultRoutes(app, context);
  };
}
