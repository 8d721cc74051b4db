import type { FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../../domain/error.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { type TextRequest, textsOf } from '../../../domain/request.ts';
import { countTokens } from '../../../gateway/admission/count-tokens.ts';
import type { Core } from '../../../gateway/core.ts';
import type { Dialect } from '../../../gateway/dialect.ts';
import { type InlineRun, runInline, type Telling } from '../../../gateway/inline/inline.ts';
import { callerOf } from '../../../http/caller.ts';
import { clientGone } from '../../../http/event-stream.ts';
import { readJsonObject } from '../../../http/json-body.ts';
import { steeringOf } from '../../../http/steering.ts';
import { findModel, type KnownModel } from '../find-model.ts';
import { MAX_SEED } from '../inputs.ts';
import { integerIn, invalid, required } from './fields.ts';

/** The checked start of an inference body, before its endpoint reads the rest: JSON that names a model of the right kind. */
export interface InferenceBody {
  readonly body: JsonObject;
  readonly known: KnownModel;
}

/** @throws GenlockError `malformed_request`, `parameter_missing`, `model_not_found`, `model_inactive`, `model_unsupported` */
export function readInferenceBody(
  core: Core,
  request: FastifyRequest,
  serves: 'text' | 'vectors',
): InferenceBody {
  const body = readJsonObject(request.body, request.headers['content-type']).object;
  const slug = required(body, 'model');
  if (typeof slug !== 'string') throw invalid('model', 'must be the slug of a model');
  const known = findModel(core, slug);
  const able = serves === 'text' ? known.spec.maxOutputTokens : known.spec.dimensions;
  if (able === undefined)
    throw new GenlockError('model_unsupported', 'The model cannot be used here.', { param: 'model' });
  return { body, known };
}

/**
 * The fewest tokens that are held for: with every model they cost at least a micro-dollar, so that an empty account cannot go on for free.
 */
const LEAST_HELD = 8;

/** The parts of a text request that differ between endpoints. */
export type TextCommand = Omit<TextRequest, 'kind' | 'seed' | 'steering'>;

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly telling: Telling;
}

/**
 * Runs a text model while its caller waits. The texts are not stored as its input, because a chat is for its caller alone.
 *
 * @throws GenlockError as {@link runInline}
 */
export async function callModel(
  { core, dialect }: { readonly core: Core; readonly dialect: Dialect },
  { request, reply, telling }: Exchange,
  { body, known }: InferenceBody,
  command: TextCommand,
): Promise<InlineRun> {
  const steering = steeringOf(request);
  const text: TextRequest = {
    kind: 'text',
    ...command,
    seed: integerIn(body, 'seed', 0, MAX_SEED) ?? Math.floor(core.random() * (MAX_SEED + 1)),
    ...(steering !== undefined && { steering }),
  };
  const texts = [...textsOf(text), ...(text.tools === undefined ? [] : [JSON.stringify(text.tools)])];
  const submission = {
    caller: callerOf(request),
    dialect,
    model: known.model,
    input: {},
    request: text,
    usage: {
      inputTokens: Math.max(LEAST_HELD, countTokens(core, known.model, texts)),
      outputTokens: text.maxTokens,
    },
    slots: [],
  };
  return runInline(core, submission, clientGone(reply), telling);
}
