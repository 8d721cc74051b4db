import { GenlockError } from '../../domain/error.ts';
import type { WebhookTarget } from '../../domain/generation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/pricing.ts';
import { type GenerationRequest, inputTextsOf, type SourceMedia } from '../../domain/request.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { countTokens } from '../../gateway/admission/count-tokens.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import { checkMetadata } from '../../http/check-metadata.ts';
import type { JsonBody } from '../../http/json-body.ts';
import { urlObjection } from '../../http/url-objection.ts';
import { conversationOf } from './conversation.ts';
import { checkEnvelope, checkFor, type Envelope } from './create-body.ts';
import { type ImageInput, MAX_SEED, type SpeechInput, type TextInput, type VideoInput } from './inputs.ts';
import { NAME } from './links.ts';
import {
  findNativeModel,
  frameOf,
  type ImageModel,
  type NativeModel,
  type SpeechModel,
  sizeOf,
  type TextModel,
  type VideoModel,
} from './models.ts';
import { present } from './present.ts';
import { type NamedSource, resolveSources } from './sources.ts';
import { ENDINGS } from './webhook-events.ts';

/** A create body in canonical form. */
export interface CreateRequest {
  readonly model: Model;
  /** The input as it is shown, with defaults and the random seed filled in. */
  readonly input: JsonObject;
  readonly request: GenerationRequest;
  readonly usage: Usage;
  readonly metadata: JsonObject | null;
  readonly webhook: WebhookTarget | null;
  readonly stream: boolean;
}

type Order = Pick<CreateRequest, 'input' | 'request' | 'usage'>;

/** What every kind of order is made from. */
interface Making {
  readonly core: Core;
  readonly caller: Caller;
  readonly seed: number;
  readonly steering: { readonly steering?: string };
}

/**
 * Reads the body of a create or a quote: the envelope, the model, its input, and last what needs the store or the network.
 *
 * @throws GenlockError `parameter_missing`, `invalid_parameter`, `parameter_conflict`, `model_not_found`, `model_unsupported`
 */
export async function readCreateRequest(
  core: Core,
  caller: Caller,
  { object, floats }: JsonBody,
  steering: string | undefined,
): Promise<CreateRequest> {
  const body = { object: present(object), floats };
  const envelope = checkEnvelope(body);
  const native = findNativeModel(envelope.model);
  const model = core.models.find(NAME, envelope.model);
  if (native === undefined || model === undefined)
    throw new GenlockError('model_not_found', 'There is no such model.', { param: 'model' });
  const { input } = envelope;
  checkFor(native)(body);
  checkMetadata(envelope.metadata);
  checkWebhook(core, envelope);
  const stream = envelope.stream ?? false;
  if (stream && native.kind !== 'text')
    throw new GenlockError('model_unsupported', 'Only text can be streamed.', { param: 'stream' });

  const seed = (input.seed as number | undefined) ?? Math.floor(core.random() * (MAX_SEED + 1));
  const making: Making = { core, caller, seed, steering: steering === undefined ? {} : { steering } };
  const order = await orderOf(making, native, model, input);
  return {
    ...order,
    model,
    metadata: envelope.metadata ?? null,
    webhook: envelope.webhook === undefined ? null : { events: ENDINGS, ...envelope.webhook },
    stream,
  };
}

function checkWebhook(core: Core, { webhook }: Envelope): void {
  const objection = webhook && urlObjection(core, webhook.url);
  if (objection !== undefined)
    throw new GenlockError('invalid_parameter', `webhook.url ${objection}.`, { param: 'webhook.url' });
}

/** The casts are safe, because the input fits the schema of its kind. */
async function orderOf(making: Making, native: NativeModel, model: Model, input: JsonObject): Promise<Order> {
  switch (native.kind) {
    case 'image':
      return imageOrder(making, native, input as ImageInput);
    case 'video':
      return videoOrder(making, native, input as VideoInput);
    case 'speech':
      return speechOrder(making, native, input as SpeechInput);
    case 'text':
      return textOrder(making, native, model, input as TextInput);
  }
}

async function imageOrder(making: Making, native: ImageModel, given: ImageInput): Promise<Order> {
  const { core, caller, seed, steering } = making;
  const sources = await resolveSources(
    core,
    caller,
    (given.images ?? []).map((url, index) => ({ param: `input.images[${index}]`, role: 'source', url })),
  );
  // Without a size, work on a picture keeps that picture's size.
  const size = given.size ?? (sources.length > 0 ? undefined : native.sizes[0]);
  const count = given.count ?? 1;
  const format = given.format ?? native.formats[0] ?? 'png';
  const { prompt, negative_prompt } = given;
  return {
    input: { ...given, ...(size !== undefined && { size }), count, format, seed },
    request: {
      kind: 'image',
      prompt,
      ...(negative_prompt !== undefined && { negativePrompt: negative_prompt }),
      ...(size !== undefined && sizeOf(size)),
      count,
      format,
      seed,
      ...withSources(sources),
      ...steering,
    },
    usage: { images: count, ...(size !== undefined && { dimensions: { size } }) },
  };
}

async function videoOrder(making: Making, native: VideoModel, given: VideoInput): Promise<Order> {
  const { core, caller, seed, steering } = making;
  const named: NamedSource[] = [];
  for (const role of ['first_frame', 'last_frame'] as const) {
    const url = given[role];
    if (url !== undefined) named.push({ param: `input.${role}`, role, url });
  }
  const sources = await resolveSources(core, caller, named);
  const resolution = given.resolution ?? native.resolutions[0] ?? '720p';
  const aspect = given.aspect ?? native.aspects[0] ?? '16:9';
  const seconds = given.seconds ?? native.seconds.default;
  const sound = given.sound ?? false;
  const { prompt, negative_prompt } = given;
  return {
    input: { ...given, resolution, aspect, seconds, sound, seed },
    request: {
      kind: 'video',
      prompt,
      ...(negative_prompt !== undefined && { negativePrompt: negative_prompt }),
      ...frameOf(resolution, aspect),
      seconds,
      sound,
      seed,
      ...withSources(sources),
      ...steering,
    },
    usage: { seconds, dimensions: { resolution, sound: String(sound) } },
  };
}

function speechOrder({ seed, steering }: Making, native: SpeechModel, given: SpeechInput): Order {
  const format = given.format ?? native.formats[0] ?? 'mp3';
  const { text, voice, language } = given;
  return {
    input: { ...given, format, seed },
    request: {
      kind: 'speech',
      text,
      ...(voice !== undefined && { voice }),
      ...(language !== undefined && { language }),
      format,
      seed,
      ...steering,
    },
    // Code points, as the schema counts.
    usage: { characters: [...text].length },
  };
}

function textOrder(
  { core, seed, steering }: Making,
  native: TextModel,
  model: Model,
  given: TextInput,
): Order {
  const conversation = conversationOf(given);
  const max_tokens = given.max_tokens ?? native.maxTokens.default;
  const temperature = given.temperature ?? 1;
  const { top_p, top_k, stop } = given;
  return {
    input: { ...given, max_tokens, temperature, seed } as JsonObject,
    request: {
      kind: 'text',
      ...conversation,
      maxTokens: max_tokens,
      temperature,
      ...(top_p !== undefined && { topP: top_p }),
      ...(top_k !== undefined && { topK: top_k }),
      ...(stop !== undefined && { stop }),
      seed,
      ...steering,
    },
    usage: { inputTokens: countTokens(core, model, inputTextsOf(conversation)), outputTokens: max_tokens },
  };
}

function withSources(sources: readonly SourceMedia[]): { readonly sources?: readonly SourceMedia[] } {
  return sources.length > 0 ? { sources } : {};
}
