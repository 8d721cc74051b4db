import type { FastifyInstance } from 'fastify';
import type { Generation } from '../../domain/generation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { cancel } from '../../gateway/cancel.ts';
import type { Core } from '../../gateway/core.ts';
import { withAssets } from '../../gateway/files/with-assets.ts';
import { callerOf } from '../../http/caller.ts';
import { sendJson } from '../../http/send.ts';
import { deliveryObject } from './delivery-object.ts';
import { generationObject } from './generation-object.ts';
import { whole } from './generation-view.ts';
import { orderedUnder } from './idempotency-key.ts';
import { readListQuery } from './list-query.ts';
import { afterWait, preferredWait } from './prefer.ts';
import { ownGeneration } from './visible.ts';

interface WithId {
  Params: { id: string };
}

async function listUnder(core: Core, caller: Caller, key: string): Promise<readonly Generation[]> {
  const generation = await orderedUnder(core, caller, key);
  return generation === undefined ? [] : [generation];
}

/** The account's generations: read, list, cancel, and their webhooks. */
export function generationRoutes(scope: FastifyInstance, core: Core): void {
  scope.route<WithId>({
    method: ['GET', 'HEAD'],
    url: '/generations/:id',
    handler: async (request, reply) => {
      const generation = await ownGeneration(core, callerOf(request), request.params.id);
      return sendJson(
        reply,
        200,
        await whole(core, await afterWait(core, reply, generation, preferredWait(request))),
      );
    },
  });

  scope.route<{ Querystring: JsonObject }>({
    method: ['GET', 'HEAD'],
    url: '/generations',
    handler: async (request, reply) => {
      const { account, key } = callerOf(request);
      const { limit, cursor, filter, idempotencyKey } = readListQuery(core, request.query);
      const mine = { dialect: [...core.dialects.keys()], ...filter, accountId: account.id, mode: key.mode };
      const { data, nextCursor } =
        idempotencyKey === undefined
          ? await core.store.generations(mine, limit, cursor)
          : { data: await listUnder(core, callerOf(request), idempotencyKey), nextCursor: null };
      return sendJson(reply, 200, {
        object: 'list',
        data: (await withAssets(core, data)).map((view) => generationObject(core, view)),
        next_cursor: nextCursor,
      });
    },
  });

  scope.post<WithId>('/generations/:id/cancel', async (request, reply) => {
    const { id } = await ownGeneration(core, callerOf(request), request.params.id);
    return sendJson(reply, 200, await whole(core, await cancel(core, id, 'unfinished')));
  });

  scope.route<WithId>({
    method: ['GET', 'HEAD'],
    url: '/generations/:id/deliveries',
    handler: async (request, reply) => {
      const { id } = await ownGeneration(core, callerOf(request), request.params.id);
      const deliveries = await core.store.deliveries(id);
      return sendJson(reply, 200, {
        object: 'list',
        data: deliveries.map(deliveryObject),
        next_cursor: null,
      });
    },
  });
}
