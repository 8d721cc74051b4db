import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { houseCaller } from '../../gateway/accounts/house-account.ts';
import { admit } from '../../gateway/admission/admit.ts';
import type { Core } from '../../gateway/core.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { patiently } from '../../gateway/surely.ts';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { callerWaits } from '../../gateway/waiting/waiting-callers.ts';
import { clientGone } from '../../http/event-stream.ts';
import { addressOf, calling } from '../../http/identify.ts';
import { readJsonObject } from '../../http/json-body.ts';
import { takeUnauthenticated } from '../../http/limits.ts';
import { steeringOf } from '../../http/steering.ts';
import { slotsOf } from './admission.ts';
import { invalid } from './body.ts';
import { failureOf, renderFailure } from './errors.ts';
import { SYNCHRONOUS } from './events.ts';
import { admitCaller, countCall, findServed, type Served } from './guard.ts';
import { NAME } from './links.ts';
import { partsOf } from './models.ts';
import { SPEAK } from './place.ts';
import { readCreate } from './request.ts';
import { sendJson, sendReply } from './send.ts';
import { audioObject } from './task-object.ts';

const MAX_JSON = 10 * 1024 * 1024;
/** The time that a worker has to fail a task after its deadline. */
const GRACE_MS = 5_000;

/**
 * Synchronous speech (contract section 8). It belongs to no workspace and, with or without a key, costs no credits. Calls without a key run
 * in the house account, and the operator can switch them off by pausing that account.
 */
export function speechRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    request.caller =
      request.headers.authorization === undefined
        ? calling(request, await nobody(core))
        : await admitCaller(core, request);
  };

  scope.post(SPEAK, { bodyLimit: MAX_JSON, onRequest }, async (request, reply) => {
    const caller = request.caller ?? (await nobody(core));
    const { object } = readJsonObject(request.body, request.headers['content-type']);
    const { served, endpoint } = findSpeech(core, object);
    const input = object.input ?? null;
    if (input === null || typeof input !== 'object' || Array.isArray(input))
      throw invalid('input', 'must be an object');
    const body = { values: new Map(Object.entries(input as JsonObject)), fromText: false };
    const create = await readCreate(core, caller, served, body, steeringOf(request));
    if (request.headers.authorization === undefined)
      await takeUnauthenticated(core, addressOf(core, request));
    else await countCall(core, caller, 'requests_per_minute');
    const admitted = await admit(core, {
      ...create,
      caller,
      dialect,
      slots: slotsOf(core, caller),
      usage: { calls: 0, characters: 0 },
      metadata: SYNCHRONOUS,
    });
    if (admitted.kind === 'replayed') throw new GenlockError('internal_error');
    return answer(core, request, reply, await ended(core, admitted.generation, reply), endpoint);
  });
}

async function nobody(core: Core): Promise<Caller> {
  const caller = await houseCaller(core, NAME);
  if (caller.account.status === 'paused') throw new GenlockError('unauthenticated');
  return caller;
}

/** `modelId`, else `provider` and `model`, else `endpoint` (contract section 8). @throws GenlockError `model_not_found`, `parameter_missing` */
function findSpeech(core: Core, body: JsonObject): { readonly served: Served; readonly endpoint: string } {
  const named = (name: string): string | undefined => {
    const value = body[name] ?? null;
    if (value === null) return undefined;
    if (typeof value !== 'string' || value === '')
      throw invalid(name, 'must be a string of at least 1 character');
    return value;
  };
  const [modelId, provider, model, endpoint] = [
    named('modelId'),
    named('provider'),
    named('model'),
    named('endpoint'),
  ];
  const pair = provider !== undefined && model !== undefined ? `${provider}/${model}` : undefined;
  const id = modelId ?? pair ?? endpoint;
  if (id === undefined && provider === undefined && model === undefined)
    throw new GenlockError('parameter_missing', 'modelId is required.', { param: 'modelId' });
  const served = findServed(core, id ?? '');
  if (served.spec.family !== 'TTS')
    throw new GenlockError('model_unsupported', 'This model makes no speech.', { param: 'modelId' });
  return { served, endpoint: endpoint ?? served.spec.id };
}

async function ended(core: Core, generation: Generation, reply: FastifyReply): Promise<Generation> {
  const signal = AbortSignal.any([clientGone(reply), core.stopped]);
  const timeoutMs = Math.max(0, generation.deadlineAt - core.now()) + GRACE_MS;
  const served = callerWaits(core);
  const now = (await waitForEnd(core, generation.id, timeoutMs, signal).finally(served)) ?? generation;
  if (isTerminal(now.status)) return now;
  throw new GenlockError(signal.aborted ? 'shutting_down' : 'upstream_timeout');
}

async function answer(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  generation: Generation,
  endpoint: string,
): Promise<FastifyReply> {
  if (generation.status === 'canceled')
    throw new GenlockError('upstream_failed', 'The generation was canceled.');
  const { failure } = generation;
  if (failure !== null)
    return sendReply(reply, renderFailure(failureOf(generation, failure), request.id, failure.code));
  const files = await patiently(core, generation.id, () => core.store.assetsOf(generation.id));
  const audio = audioObject(core, files[0]);
  return sendJson(reply, 200, {
    success: true,
    data: {
      ...partsOf(generation.model),
      modelId: generation.model,
      endpoint,
      ...audio,
      output: { audio_url: 'audio_url' in audio ? audio.audio_url : null },
      logs: null,
      metrics: null,
    },
  });
}
