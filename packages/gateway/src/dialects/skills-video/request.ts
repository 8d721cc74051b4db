import type { JsonObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { GenerationRequest, SourceMedia } from '../../domain/request.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import type { CreateBody } from './body.ts';
import { checkInput } from './check-input.ts';
import type { Fields } from './fields.ts';
import type { Served } from './guard.ts';
import type { Spec } from './models.ts';
import { filmSize, imageSize } from './sizes.ts';
import { settleSources } from './sources.ts';

/** A create body in canonical form. */
export interface CreateRequest {
  readonly model: Model;
  /** The `input` of the contract: normalized, with defaults filled in (section 4). */
  readonly input: JsonObject;
  readonly request: GenerationRequest;
  readonly usage: Usage;
}

const MAX_SEED = 2 ** 32;
/** The price of speech is for this many characters begun. */
const SPEECH_UNIT = 100;

/** The form of the model that a body is meant for. */
function formOf(
  { fields, needs, variant }: Spec,
  { values }: CreateBody,
): { fields: Fields; needs: readonly string[] } {
  return variant?.applies(values) === true ? variant : { fields, needs };
}

/** @throws GenlockError if the body is refused: `parameter_missing`, `invalid_parameter`, `invalid_media`, `media_too_large` */
export async function readCreate(
  core: Core,
  caller: Caller,
  { spec, model }: Served,
  body: CreateBody,
  steering: string | undefined,
): Promise<CreateRequest> {
  const { fields, needs } = formOf(spec, body);
  const checked = checkInput(withAliases(spec, body), fields, needs);
  const { input, sources } = await settleSources(core, caller, checked, fields);
  const common = {
    seed: numberOf(input, 'seed') ?? Math.floor(core.random() * MAX_SEED),
    ...(sources.length > 0 && { sources }),
    ...(steering !== undefined && { steering }),
  };
  return { model, input, request: requestOf(spec, input, common), usage: usageOf(spec, model, input) };
}

/** Speech takes `text`; clients that know only one form of body send `prompt`. */
function withAliases({ family }: Spec, body: CreateBody): CreateBody {
  const prompt = body.values.get('prompt');
  if (family !== 'TTS' || prompt === undefined || (body.values.get('text') ?? null) !== null) return body;
  return { ...body, values: new Map(body.values).set('text', prompt) };
}

interface Common {
  readonly seed: number;
  readonly sources?: readonly SourceMedia[];
  readonly steering?: string;
}

function requestOf({ family }: Spec, input: JsonObject, common: Common): GenerationRequest {
  const negative = textOf(input, 'negative_prompt');
  const prompt = textOf(input, 'prompt') ?? '';
  const words = { prompt, ...(negative !== undefined && { negativePrompt: negative }) };
  const aspect = textOf(input, 'aspect_ratio');
  const resolution = textOf(input, 'resolution');
  switch (family) {
    case 'IMAGE': {
      // Without an aspect ratio it keeps that of its source.
      const size = aspect === undefined ? {} : imageSize(resolution ?? '1K', aspect);
      return { kind: 'image', ...words, ...common, ...size, count: countOf(input), format: 'png' };
    }
    case 'VIDEO':
      return {
        kind: 'video',
        ...words,
        ...common,
        ...filmSize(resolution ?? '720p', aspect ?? '16:9'),
        seconds: secondsOf(input),
        sound: input.generate_audio === true || input.keep_original_sound === true,
        count: countOf(input),
      };
    case 'TTS': {
      const voice = textOf(input, 'voice');
      const language = textOf(input, 'language');
      return {
        kind: 'speech',
        text: textOf(input, 'text') ?? '',
        ...(voice !== undefined && { voice }),
        ...(language !== undefined && { language }),
        ...common,
        format: 'mp3',
      };
    }
  }
}

/** The values that the present price depends on, which the operator may have set, besides those of the contract. */
function usageOf({ family, price: shipped }: Spec, { price }: Model, input: JsonObject): Usage {
  const dimensions: Record<string, string> = {};
  for (const { dimension } of [...(shipped.factors ?? []), ...(price?.factors ?? [])]) {
    const value = input[dimension];
    if (value !== undefined) dimensions[dimension] = String(value);
  }
  switch (family) {
    case 'IMAGE':
      return { images: countOf(input), dimensions };
    case 'VIDEO':
      return { seconds: secondsOf(input) * countOf(input), dimensions };
    case 'TTS': {
      const characters = (textOf(input, 'text') ?? '').length;
      return { calls: Math.ceil(characters / SPEECH_UNIT), characters, dimensions };
    }
  }
}

const DEFAULT_SECONDS = 5;

const secondsOf = (input: JsonObject): number => numberOf(input, 'duration') ?? DEFAULT_SECONDS;
const countOf = (input: JsonObject): number => numberOf(input, 'n') ?? 1;

function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

function numberOf(input: JsonObject, name: string): number | undefined {
  const value = input[name];
  return typeof value === 'number' ? value : undefined;
}
