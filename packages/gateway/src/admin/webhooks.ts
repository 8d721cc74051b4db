import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import {
  accountSecret,
  createEndpoint,
  rotateAccountSecret,
  type SecretScope,
} from '../gateway/webhooks/webhook-secrets.ts';
import { note } from './audit-trail.ts';
import type { AdminContext } from './context.ts';
import { closed, dialect, line, list, mode, optional, url } from './fields.ts';
import { type ById, idOf } from './id.ts';
import { noSuchDialect } from './no-such-dialect.ts';

export const NewEndpoint = Type.Object(
  { dialect, url, events: optional(list<string>(line('generation.succeeded'))) },
  closed,
);

export const SecretQuery = Type.Object({ dialect, mode: optional(mode) }, closed);

type SecretCall = ById & { Querystring: Static<typeof SecretQuery> };

export function webhookRoutes(app: FastifyInstance, context: AdminContext): void {
  const { core } = context;

  app.post<ById & { Body: Static<typeof NewEndpoint> }>(
    '/accounts/:id/webhook-endpoints',
    { schema: { body: NewEndpoint }, config: { audit: 'webhook_endpoint.create' } },
    async (request, reply) => {
      const { params, body } = request;
      const accountId = idOf(params);
      if (!core.dialects.has(body.dialect)) throw noSuchDialect(core);
      const { endpoint, secret } = await createEndpoint(core, context, { accountId, events: [], ...body });
      // Only the origin is logged, because a receiver's path may be a secret.
      const detail = { account: accountId, ...body, url: new URL(body.url).origin };
      note(request, { target: endpoint.id, detail });
      const { id, dialect, url, events } = endpoint;
      return reply.code(201).send({ id, secret, dialect, url, events });
    },
  );

  app.get<SecretCall>(
    '/accounts/:id/webhook-secret',
    // Audited although it is a GET: it may make a secret, and whoever has the secret can sign like the gateway.
    { schema: { querystring: SecretQuery }, config: { audit: 'webhook_secret.show' } },
    async (request) => {
      const { params, query } = request;
      note(request, { detail: query });
      return { secret: await accountSecret(core, context, scopeOf(params, query)) };
    },
  );

  app.post<SecretCall>(
    '/accounts/:id/webhook-secret/rotate',
    { schema: { querystring: SecretQuery }, config: { audit: 'webhook_secret.rotate' } },
    async (request) => {
      const scope = scopeOf(request.params, request.query);
      const secret = await rotateAccountSecret(core, context, scope);
      note(request, { detail: { dialect: scope.dialect, mode: scope.mode } });
      return { secret };
    },
  );

  function scopeOf(params: ById['Params'], query: Static<typeof SecretQuery>): SecretScope {
    if (!core.dialects.has(query.dialect)) throw noSuchDialect(core);
    return { accountId: idOf(params), dialect: query.dialect, mode: query.mode ?? 'live' };
  }
}
