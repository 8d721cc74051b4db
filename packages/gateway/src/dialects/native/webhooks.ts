import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import { redeliver } from '../../gateway/webhooks/redeliver.ts';
import {
  accountSecret,
  createEndpoint,
  rotateAccountSecret,
  rotateEndpointSecret,
  type SecretScope,
} from '../../gateway/webhooks/webhook-secrets.ts';
import { callerOf } from '../../http/caller.ts';
import { compileCheck } from '../../http/check-body.ts';
import { readJsonObject } from '../../http/json-body.ts';
import { sendJson } from '../../http/send.ts';
import { urlObjection } from '../../http/url-objection.ts';
import { eventNames, webhookUrl } from './create-body.ts';
import { deliveryObject } from './delivery-object.ts';
import { endpointObject } from './endpoint-object.ts';
import { isoTime } from './generation-object.ts';
import { NAME, pathOf } from './links.ts';
import { invalid, readPageQuery } from './list-query.ts';
import { ownDelivery, ownEndpoint } from './visible.ts';
import { ENDINGS } from './webhook-events.ts';

interface WithId {
  Params: { id: string };
}

/** Limited, because every event is sent to each of them. */
const MAX_ENDPOINTS = 20;
const DAY_SECONDS = 24 * 60 * 60;
const MAX_OVERLAP_SECONDS = 7 * DAY_SECONDS;

const closed = { additionalProperties: false };

export const checkEndpoint = compileCheck(
  Type.Object({ url: webhookUrl, events: Type.Optional(eventNames) }, closed),
);
export const checkEndpointPatch = compileCheck(
  Type.Object(
    {
      url: Type.Optional(webhookUrl),
      events: Type.Optional(eventNames),
      status: Type.Optional(
        Type.Unsafe<'active' | 'disabled'>({ type: 'string', enum: ['active', 'disabled'] }),
      ),
    },
    closed,
  ),
);
export const checkRotation = compileCheck(
  Type.Object(
    {
      overlap_seconds: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: MAX_OVERLAP_SECONDS,
          default: DAY_SECONDS,
          description: 'How long webhooks are also signed with the old secret.',
        }),
      ),
    },
    closed,
  ),
);

/** The receivers of the account's events, their secrets, and the log of deliveries. */
export function webhookRoutes(scope: FastifyInstance, core: Core): void {
  endpointRoutes(scope, core);
  secretRoutes(scope, core);
  deliveryRoutes(scope, core);
}

function endpointRoutes(scope: FastifyInstance, core: Core): void {
  scope.post('/webhook-endpoints', async (request, reply) => {
    const { account } = callerOf(request);
    const { url, events = ENDINGS } = checkEndpoint(
      readJsonObject(request.body, request.headers['content-type']),
    );
    assertCallable(core, url);
    if ((await core.store.endpoints(account.id, NAME)).length >= MAX_ENDPOINTS)
      throw new GenlockError('invalid_state', `An account has at most ${MAX_ENDPOINTS} webhook endpoints.`);
    const { endpoint, secret } = await createEndpoint(core, core.secrets, {
      accountId: account.id,
      dialect: NAME,
      url,
      events,
    });
    reply.header('location', pathOf(core, `/webhook-endpoints/${endpoint.id}`));
    reply.header('cache-control', 'no-store');
    return sendJson(reply, 201, { ...endpointObject(endpoint), secret });
  });

  scope.route({
    method: ['GET', 'HEAD'],
    url: '/webhook-endpoints',
    handler: async (request, reply) => {
      const endpoints = await core.store.endpoints(callerOf(request).account.id, NAME);
      return sendJson(reply, 200, { object: 'list', data: endpoints.map(endpointObject), next_cursor: null });
    },
  });

  scope.route<WithId>({
    method: ['GET', 'HEAD'],
    url: '/webhook-endpoints/:id',
    handler: async (request, reply) =>
      sendJson(reply, 200, endpointObject(await ownEndpoint(core, callerOf(request), request.params.id))),
  });

  scope.patch<WithId>('/webhook-endpoints/:id', async (request, reply) => {
    const patch = checkEndpointPatch(readJsonObject(request.body, request.headers['content-type']));
    const { id } = await ownEndpoint(core, callerOf(request), request.params.id);
    if (patch.url !== undefined) assertCallable(core, patch.url);
    const changed = await core.store.updateEndpoint(id, patch);
    if (changed === undefined) throw new GenlockError('not_found', 'There is no such webhook endpoint.');
    return sendJson(reply, 200, endpointObject(changed));
  });

  scope.delete<WithId>('/webhook-endpoints/:id', async (request, reply) => {
    const { id } = await ownEndpoint(core, callerOf(request), request.params.id);
    await core.store.deleteEndpoint(id);
    return reply.code(204).send();
  });

  scope.post<WithId>('/webhook-endpoints/:id/rotate-secret', async (request, reply) => {
    const body =
      Buffer.isBuffer(request.body) && request.body.length > 0
        ? readJsonObject(request.body, request.headers['content-type'])
        : { object: {}, floats: new Set<string>() };
    const { overlap_seconds = DAY_SECONDS } = checkRotation(body);
    const endpoint = await ownEndpoint(core, callerOf(request), request.params.id);
    const oldUntil = core.now() + overlap_seconds * 1000;
    const secret = await rotateEndpointSecret(core, core.secrets, endpoint, oldUntil);
    reply.header('cache-control', 'no-store');
    return sendJson(reply, 200, {
      ...endpointObject(endpoint),
      secret,
      old_secret_expires_at: isoTime(oldUntil),
    });
  });
}

/** The secret for webhooks whose URL came with a generation. */
function secretRoutes(scope: FastifyInstance, core: Core): void {
  const scopeOf = ({ account, key }: Caller): SecretScope => ({
    accountId: account.id,
    dialect: NAME,
    mode: key.mode,
  });
  scope.route({
    method: ['GET', 'HEAD'],
    url: '/webhook-secret',
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const secret = await accountSecret(core, core.secrets, scopeOf(callerOf(request)));
      return sendJson(reply, 200, { object: 'webhook_secret', secret });
    },
  });
  scope.post('/webhook-secret/rotate', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const secret = await rotateAccountSecret(core, core.secrets, scopeOf(callerOf(request)));
    return sendJson(reply, 200, { object: 'webhook_secret', secret });
  });
}

function deliveryRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<WithId & { Querystring: JsonObject }>({
    method: ['GET', 'HEAD'],
    url: '/webhook-endpoints/:id/deliveries',
    handler: async (request, reply) => {
      const { limit, cursor } = readPageQuery(request.query);
      const { id } = await ownEndpoint(core, callerOf(request), request.params.id);
      const { data, nextCursor } = await core.store.deliveriesOf(id, limit, cursor);
      return sendJson(reply, 200, {
        object: 'list',
        data: data.map(deliveryObject),
        next_cursor: nextCursor,
      });
    },
  });

  scope.route<WithId>({
    method: ['GET', 'HEAD'],
    url: '/webhook-deliveries/:id',
    handler: async (request, reply) =>
      sendJson(reply, 200, deliveryObject(await ownDelivery(core, callerOf(request), request.params.id))),
  });

  scope.post<WithId>('/webhook-deliveries/:id/redeliver', async (request, reply) => {
    const { id } = await ownDelivery(core, callerOf(request), request.params.id);
    return sendJson(reply, 202, deliveryObject(await redeliver(core, id)));
  });
}

function assertCallable(core: Core, url: string): void {
  const objection = urlObjection(core, url);
  if (objection !== undefined) throw invalid('url', objection);
}
