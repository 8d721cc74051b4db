import type { FastifyInstance, FastifyReply } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { JsonObject } from '../../domain/json.ts';
import { type Caller, limitOf } from '../../gateway/accounts/authenticate.ts';
import { isOwnGeneration } from '../../gateway/accounts/own.ts';
import { type Admitted, admit } from '../../gateway/admission/admit.ts';
import { findReplay } from '../../gateway/admission/idempotency.ts';
import { resubmit } from '../../gateway/admission/resubmit.ts';
import { about } from '../../gateway/call-context.ts';
import { cancel } from '../../gateway/cancel.ts';
import type { Core } from '../../gateway/core.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { assetsOf, NO_ASSETS, withAssets } from '../../gateway/files/with-assets.ts';
import { callerOf } from '../../http/caller.ts';
import { readJsonObject, readOptionalJsonObject } from '../../http/json-body.ts';
import { steeringOf } from '../../http/steering.ts';
import type { SlotClaim } from '../../store/port.ts';
import { generationObject } from './generation-object.ts';
import { idempotencyClaim } from './idempotency-key.ts';
import { generationPath, NAME, publicBase } from './links.ts';
import { readListQuery } from './list-query.ts';
import { readCreateRequest } from './request.ts';
import { sendJson } from './send.ts';

interface WithId {
  Params: { id: string };
}

/** Jobs: create, read, list, cancel, run again (contract sections 5 to 7). */
export function generationRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  scope.post('/generations', async (request, reply) => {
    const caller = callerOf(request);
    const body = readJsonObject(request.body, request.headers['content-type']);
    const idempotency = idempotencyClaim(request, caller, 'POST /v1/generations', body.object);
    const earlier = idempotency && (await findReplay(core, idempotency));
    if (earlier !== undefined) return replay(core, reply, earlier);
    const create = await readCreateRequest(core, caller, body, steeringOf(request));
    const slots = slotsOf(core, caller);
    return answer(core, reply, await admit(core, { ...create, caller, dialect, slots, idempotency }));
  });

  scope.post<WithId>('/generations/:id/retry', async (request, reply) => {
    const caller = callerOf(request);
    const { id } = request.params;
    const idempotency = idempotencyClaim(
      request,
      caller,
      `POST /v1/generations/${id}/retry`,
      readOptionalJsonObject(request.body, request.headers['content-type']).object,
    );
    const earlier = idempotency && (await findReplay(core, idempotency));
    if (earlier !== undefined) return replay(core, reply, earlier);
    const of = await own(core, caller, id);
    const slots = slotsOf(core, caller);
    const steering = steeringOf(request);
    return answer(core, reply, await resubmit(core, { caller, dialect, of, slots, idempotency, steering }));
  });

  scope.post<WithId>('/generations/:id/cancel', async (request, reply) => {
    const { id } = await own(core, callerOf(request), request.params.id);
    return sendJson(reply, 200, await view(core, await cancel(core, id, 'queued')));
  });

  scope.route<WithId>({
    method: ['GET', 'HEAD'],
    url: '/generations/:id',
    handler: async (request, reply) =>
      sendJson(reply, 200, await view(core, await own(core, callerOf(request), request.params.id))),
  });

  scope.route<{ Querystring: JsonObject }>({
    method: ['GET', 'HEAD'],
    url: '/generations',
    handler: async (request, reply) => {
      const { account, key } = callerOf(request);
      const { limit, cursor, filter } = readListQuery(request.query);
      const mine = { ...filter, accountId: account.id, dialect: NAME, mode: key.mode };
      const { data, nextCursor } = await core.store.generations(mine, limit, cursor);
      return sendJson(reply, 200, {
        object: 'list',
        data: (await withAssets(core, data)).map((view) => generationObject(core, view)),
        has_more: nextCursor !== null,
        next_cursor: nextCursor,
      });
    },
  });
}

/** Unfinished jobs are counted per key (contract section 13). */
function slotsOf(core: Core, caller: Caller): readonly SlotClaim[] {
  const max = limitOf('unfinished_jobs', caller, core.config().dialects[NAME]?.limits ?? {});
  return max === undefined ? [] : [{ slot: `${caller.key.id}:unfinished`, max, refusal: 'queue_full' }];
}

/** A job of the caller's account and mode. Any other counts as not found (contract section 2). @throws GenlockError `not_found` */
async function own(core: Core, caller: Caller, id: string): Promise<Generation> {
  const generation = await core.store.generation(id);
  if (!isOwnGeneration(caller, NAME, generation))
    throw new GenlockError('not_found', 'There is no such generation.');
  return about(caller, generation);
}

async function view(core: Core, generation: Generation): Promise<object> {
  return generationObject(core, { generation, assets: await assetsOf(core, generation) });
}

async function answer(core: Core, reply: FastifyReply, admitted: Admitted): Promise<FastifyReply> {
  if (admitted.kind === 'replayed') return replay(core, reply, admitted.generationId);
  const { generation } = admitted;
  reply.header('location', generationPath(publicBase(core), generation.id));
  return sendJson(reply, 202, generationObject(core, { generation, assets: NO_ASSETS }));
}

/** Answers a repeated call with the job that the first one made, in its present state. */
async function replay(core: Core, reply: FastifyReply, id: string): Promise<FastifyReply> {
  const generation = await core.store.generation(id);
  if (generation === undefined) throw new GenlockError('not_found');
  reply.header('location', generationPath(publicBase(core), id));
  reply.header('idempotent-replayed', 'true');
  return sendJson(reply, 200, await view(core, generation));
}
