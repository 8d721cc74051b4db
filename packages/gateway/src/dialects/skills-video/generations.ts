import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwnGeneration } from '../../gateway/accounts/own.ts';
import { admit } from '../../gateway/admission/admit.ts';
import { about } from '../../gateway/call-context.ts';
import type { Core } from '../../gateway/core.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { patiently } from '../../gateway/surely.ts';
import { callerOf } from '../../http/caller.ts';
import { readJsonObject } from '../../http/json-body.ts';
import { steeringOf } from '../../http/steering.ts';
import { slotsOf } from './admission.ts';
import type { CreateBody } from './body.ts';
import { countCall, findServed, guardCreates, guardReads, type Served } from './guard.ts';
import { NAME } from './links.ts';
import { readMultipart } from './multipart.ts';
import { CREATE, modelPath, STREAM } from './place.ts';
import { readCreate } from './request.ts';
import { sendJson } from './send.ts';
import { streamTask } from './stream.ts';
import { createdObject, type TaskState, taskObject, taskState, toldState } from './task-object.ts';

/** "10 MiB JSON" (contract section 3). */
const MAX_JSON = 10 * 1024 * 1024;

/** Create, with or without a stream of progress, and read (contract sections 3 to 7). */
export async function generationRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): Promise<void> {
  await scope.register(multipart);
  const creates = { bodyLimit: MAX_JSON, onRequest: guardCreates(core) };

  scope.post(CREATE, creates, async (request, reply) => {
    const generation = await create(request);
    return sendJson(reply, 202, createdObject(await orderedState(core, generation), generation.input));
  });

  scope.post(STREAM, creates, async (request, reply) => {
    await streamTask(core, await create(request), reply);
    return reply;
  });

  async function create(request: FastifyRequest): Promise<Generation> {
    const caller = callerOf(request);
    const served = findServed(core, modelPath(request));
    const body = await readBody(request, served);
    const create = await readCreate(core, caller, served, body, steeringOf(request));
    await countCall(core, caller, 'requests_per_minute');
    const admitted = await admit(core, { ...create, caller, dialect, slots: slotsOf(core, caller) });
    // Cannot happen: this contract has no idempotency keys.
    if (admitted.kind === 'replayed') throw new GenlockError('internal_error');
    return admitted.generation;
  }

  scope.route<{ Params: { id: string } }>({
    method: ['GET', 'HEAD'],
    url: '/generation/:id',
    onRequest: guardReads(core),
    handler: async (request, reply: FastifyReply) => {
      const generation = await own(core, callerOf(request), request.params.id);
      return sendJson(reply, 200, taskObject(await taskState(core, generation), generation.input));
    },
  });
}

/**
 * The state of an ordered task. Its cost is read from its hold. If that cannot be read, no usage is shown yet: an error would make the
 * caller order again.
 */
async function orderedState(core: Core, generation: Generation): Promise<TaskState> {
  try {
    return await patiently(core, generation.id, () => taskState(core, generation));
  } catch {
    return toldState(core, generation);
  }
}

async function readBody(request: FastifyRequest, { spec }: Served): Promise<CreateBody> {
  if (request.isMultipart()) {
    const names = new Set([...Object.keys(spec.fields), ...Object.keys(spec.variant?.fields ?? {})]);
    return readMultipart(request, (name) => names.has(name));
  }
  const { object } = readJsonObject(request.body, request.headers['content-type']);
  return { values: new Map(Object.entries(object)), fromText: false };
}

/** A task of the caller's workspace and mode. Any other counts as not found. @throws GenlockError `not_found` */
async function own(core: Core, caller: Caller, id: string): Promise<Generation> {
  const generation = await core.store.generation(id);
  if (!isOwnGeneration(caller, NAME, generation))
    throw new GenlockError('not_found', 'There is no such generation.');
  return about(caller, generation);
}
