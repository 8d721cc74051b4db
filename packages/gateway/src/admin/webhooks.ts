import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { GenlockError } from '../domain/error.ts';
import { audit } from '../gateway/audit.ts';
import {
  accountSecret,
  createEndpoint,
  rotateAccountSecret,
  type SecretScope,
} from '../gateway/webhook-secrets.ts';
import type { AdminContext } from './context.ts';
import { closed, dialect, line, list, mode, optional, url } from './fields.ts';
import { type ById, idOf } from './id.ts';

export const NewEndpoint = Type.Object(
  { dialect, url, events: optional(list<string>(line('generation.completed'))) },
  closed,
);

export const SecretQuery = Type.Object({ dialect, mode: optional(mode) }, closed);

type SecretCall = ById & { Querystring: Static<typeof SecretQuery> };

export function webhookRoutes(app: FastifyInstance, context: AdminContext): void {
  const { core } = context;

  app.post<ById & { Body: Static<typeof NewEndpoint> }>(
    '/accounts/:id/webhook-endpoints',
    { schema: { body: NewEndpoint } },
    async ({ params, body }, reply) => {
      const accountId = idOf(params);
      const { endpoint, secret } = await createEndpoint(core, context, { accountId, events: [], ...body });
      await audit(core, 'webhook_endpoint.create', endpoint.id, { account: accountId, ...body });
      const { id, dialect, url, events } = endpoint;
      return reply.code(201).send({ id, secret, dialect, url, events });
    },
  );

  app.get<SecretCall>(
    '/accounts/:id/webhook-secret',
    { schema: { querystring: SecretQuery } },
    async ({ params, query }) => ({ secret: await accountSecret(core, context, scopeOf(params, query)) }),
  );

  app.post<SecretCall>(
    '/accounts/:id/webhook-secret/rotate',
    { schema: { querystring: SecretQuery } },
    async ({ params, query }) => {
      const scope = scopeOf(params, query);
      const secret = await rotateAccountSecret(core, context, scope);
      await audit(core, 'webhook_secret.rotate', scope.accountId, {
        dialect: scope.dialect,
        mode: scope.mode,
      });
      return { secret };
    },
  );

  function scopeOf(params: ById['Params'], query: Static<typeof SecretQuery>): SecretScope {
    if (!core.dialects.has(query.dialect))
      throw new GenlockError('invalid_parameter', 'There is no such dialect.', { param: 'dialect' });
    return { accountId: idOf(params), dialect: query.dialect, mode: query.mode ?? 'live' };
  }
}
