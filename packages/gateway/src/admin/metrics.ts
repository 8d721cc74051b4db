import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../domain/error.ts';
import { refuseUnknown } from '../http/identify.ts';
import { sendProblem } from '../http/send.ts';
import { createAuthorizer } from './authorize.ts';
import type { AdminContext } from './context.ts';

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** `GET /metrics`, for holders of the admin token: an installation's income and its providers' state are not public. */
export function metricsRoute(
  app: FastifyInstance,
  { core, token }: Pick<AdminContext, 'core' | 'token'>,
  render: () => Promise<MetricsText>,
): void {
  const authorize = createAuthorizer(token);
  app.route({
    method: 'GET',
    url: '/metrics',
    exposeHeadRoute: false,
    onRequest: async (request) => {
      if (authorize(request.headers.authorization)) return;
      await refuseUnknown(
        core,
        request,
        new GenlockError('unauthenticated', 'The admin token is missing or wrong.'),
      );
    },
    handler: async (_request, reply) => {
      const { contentType, text } = await render();
      return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
    },
    errorHandler: (thrown, request, reply) => {
      sendProblem(core, request, reply, thrown);
    },
  });
}
