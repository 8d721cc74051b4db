import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import { type Generation, isTerminal } from '../../domain/generation.ts';
import { type Caller, limitOf } from '../../gateway/accounts/authenticate.ts';
import { admit } from '../../gateway/admission/admit.ts';
import { findReplay } from '../../gateway/admission/idempotency.ts';
import { resubmit } from '../../gateway/admission/resubmit.ts';
import type { Core } from '../../gateway/core.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { callerOf } from '../../http/caller.ts';
import { readJsonObject, readOptionalJsonObject } from '../../http/json-body.ts';
import { sendJson } from '../../http/send.ts';
import { steeringOf } from '../../http/steering.ts';
import type { SlotClaim } from '../../store/port.ts';
import { generationObject } from './generation-object.ts';
import { whole } from './generation-view.ts';
import { idempotencyClaim, ORDERS } from './idempotency-key.ts';
import { NAME, pathOf } from './links.ts';
import { afterWait, preferredWait } from './prefer.ts';
import { readCreateRequest } from './request.ts';
import { streamText } from './stream-text.ts';
import { ownGeneration } from './visible.ts';

/** The two calls that order work: a new order, and a retry of failed work. */
export function createRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  scope.post('/generations', async (request, reply) => {
    const caller = callerOf(request);
    const body = readJsonObject(request.body, request.headers['content-type']);
    const idempotency = idempotencyClaim(request, caller, ORDERS, body.object);
    const earlier = idempotency && (await findReplay(core, idempotency));
    if (earlier !== undefined) return replay(core, request, reply, earlier);
    const { stream, ...create } = await readCreateRequest(core, caller, body, steeringOf(request));
    const submission = { ...create, caller, dialect, slots: slotsOf(core, caller), idempotency };
    if (stream) return streamText(core, reply, submission);
    if (create.request.kind === 'text' && create.request.tools !== undefined)
      throw new GenlockError('parameter_conflict', 'Tool calls only come in a stream: stream must be true.', {
        param: 'input.tools',
      });
    const admitted = await admit(core, submission);
    return admitted.kind === 'replayed'
      ? replay(core, request, reply, admitted.generationId)
      : answerOrdered(core, request, reply, admitted.generation);
  });

  scope.post<{ Params: { id: string } }>('/generations/:id/retry', async (request, reply) => {
    const caller = callerOf(request);
    const { id } = request.params;
    const endpoint = `POST /v1/generations/${id}/retry`;
    const idempotency = idempotencyClaim(
      request,
      caller,
      endpoint,
      readOptionalJsonObject(request.body, request.headers['content-type']).object,
    );
    const earlier = idempotency && (await findReplay(core, idempotency));
    if (earlier !== undefined) return replay(core, request, reply, earlier);
    const of = await ownGeneration(core, caller, id);
    // A retry stays in the dialect of the original, which has its model, its webhooks and its readers.
    const itsOwn = core.dialects.get(of.dialect);
    if (itsOwn === undefined) throw new GenlockError('model_not_found');
    const admitted = await resubmit(core, {
      caller,
      dialect: itsOwn,
      of,
      slots: slotsOf(core, caller),
      idempotency,
      steering: steeringOf(request),
    });
    return admitted.kind === 'replayed'
      ? replay(core, request, reply, admitted.generationId)
      : answerOrdered(core, request, reply, admitted.generation);
  });
}

/** Unfinished jobs are counted per key, together with those that the key has in other dialects. */
function slotsOf(core: Core, caller: Caller): readonly SlotClaim[] {
  const defaults = core.config().dialects[NAME]?.limits ?? {};
  const unfinished = limitOf('unfinished_jobs', caller, defaults);
  const concurrent = limitOf('concurrent', caller, defaults);
  return [
    ...(unfinished === undefined
      ? []
      : [{ slot: `${caller.key.id}:unfinished`, max: unfinished, refusal: 'queue_full' as const }]),
    ...(concurrent === undefined
      ? []
      : [{ slot: `${caller.key.id}:concurrent`, max: concurrent, refusal: 'concurrency_limited' as const }]),
  ];
}

/**
 * 202 until it has ended, then 201. An order is never answered with an error because it cannot be read just now: its caller would order
 * again and pay twice. It is then shown as it was admitted, to be read at `Location`.
 */
async function answerOrdered(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  admitted: Generation,
): Promise<FastifyReply> {
  reply.header('location', pathOf(core, `/generations/${admitted.id}`));
  try {
    const then = await afterWait(core, reply, admitted, preferredWait(request));
    return sendJson(reply, isTerminal(then.status) ? 201 : 202, await whole(core, then));
  } catch (err) {
    core.log.warn({ generation: admitted.id, err }, 'an order cannot be shown as it is now');
    return sendJson(reply, 202, generationObject(core, { generation: admitted, assets: [] }));
  }
}

/** Answers a repeated call with the generation that the first one made, in its present state, with 200 once it has ended. */
async function replay(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
): Promise<FastifyReply> {
  const generation = await ownGeneration(core, callerOf(request), id);
  const then = await afterWait(core, reply, generation, preferredWait(request));
  reply.header('idempotent-replayed', 'true');
  reply.header('location', pathOf(core, `/generations/${id}`));
  return sendJson(reply, isTerminal(then.status) ? 200 : 202, await whole(core, then));
}
