import type { Price } from '../../domain/pricing.ts';
import { type Model, shippedModel } from '../../gateway/models/model.ts';
import {
  IMAGE_INPUTS,
  type Inputs,
  LIP_SYNC_INPUTS,
  MUSIC_INPUTS,
  type Resolution,
  SPEECH_INPUTS,
  videoInputs,
} from './inputs.ts';
import { NAME } from './links.ts';

export type ModelType = 'image' | 'video' | 'audio' | 'music' | 'text';

/** A model as its contract describes it (section 7). What the operator can change is in the core's {@link Model}. */
export interface ModelSpec {
  /** The slug, which the contract calls `namespace`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: ModelType;
  readonly capabilities: readonly string[];
  readonly price: Price;
  /** The unit of the price in the contract's words. */
  readonly unit: string;
  readonly inputs: Inputs;
  readonly required: readonly string[];
  /** The input with the source, if the model is priced by its length. */
  readonly sourcedFrom?: string;
  readonly enterpriseOnly?: readonly string[];
  readonly exclusive?: readonly (readonly [string, string])[];
  /** For clips without a source: the default resolution. */
  readonly resolution?: Resolution;
  /** For text models: the longest answer, in tokens. */
  readonly maxOutputTokens?: number;
  /** For embedding models: the length of a vector. */
  readonly dimensions?: number;
}

const usd = (amount: number): number => Math.round(amount * 1_000_000);
const perImage = (amount: number): Pick<ModelSpec, 'price' | 'unit'> => ({
  price: { unit: 'image', usd: usd(amount) },
  unit: 'image',
});
const perCall = (amount: number): Pick<ModelSpec, 'price' | 'unit'> => ({
  price: { unit: 'call', usd: usd(amount) },
  unit: 'prediction',
});
const perSecond = (amount: number, unit: string): Pick<ModelSpec, 'price' | 'unit'> => ({
  price: { unit: 'second', usd: usd(amount) },
  unit,
});
const perMillionTokens = (input: number, output: number): Pick<ModelSpec, 'price' | 'unit'> => ({
  price: { unit: 'token', usd: usd(input), outputUsd: usd(output) },
  unit: 'million_token',
});

const IMAGE_EXCLUSIVE = [
  ['aspect_ratio', 'width'],
  ['aspect_ratio', 'height'],
  ['num_outputs', 'number_of_images'],
] as const;
const VIDEO_EXCLUSIVE = [['duration_seconds', 'seconds']] as const;

/**
 * Published prices: truefusion (section 7), the two truefusion-video (older product docs), beatfusion (a course). mera, lumo and lipfusion
 * are a tutorial's price for five seconds, divided by five; all others are ours, in the same range. `genlock.yaml` can change any of them.
 */
export const specs: readonly ModelSpec[] = [
  {
    id: 'truefusion',
    name: 'TrueFusion',
    description: 'Pictures from text, for every day.',
    type: 'image',
    capabilities: ['text-to-image', 'image-to-image'],
    ...perImage(0.03),
    inputs: IMAGE_INPUTS,
    required: ['prompt'],
    exclusive: IMAGE_EXCLUSIVE,
  },
  {
    id: 'truefusion-pro',
    name: 'TrueFusion Pro',
    description: 'Pictures from text, with more detail.',
    type: 'image',
    capabilities: ['text-to-image', 'image-to-image'],
    ...perImage(0.06),
    inputs: IMAGE_INPUTS,
    required: ['prompt'],
    exclusive: IMAGE_EXCLUSIVE,
  },
  {
    id: 'truefusion-edge',
    name: 'TrueFusion Edge',
    description: 'Pictures from text, fast and cheap.',
    type: 'image',
    capabilities: ['text-to-image'],
    ...perImage(0.01),
    inputs: IMAGE_INPUTS,
    required: ['prompt'],
    exclusive: IMAGE_EXCLUSIVE,
  },
  {
    id: 'truefusion-video',
    name: 'TrueFusion Video',
    description: 'Clips from text or from a first frame.',
    type: 'video',
    capabilities: ['text-to-video', 'image-to-video'],
    ...perSecond(0.112, 'second'),
    inputs: videoInputs('720p'),
    resolution: '720p',
    required: ['prompt'],
    enterpriseOnly: ['watermark'],
    exclusive: VIDEO_EXCLUSIVE,
  },
  {
    id: 'truefusion-video-pro',
    name: 'TrueFusion Video Pro',
    description: 'Clips from text or from a first frame, in full HD.',
    type: 'video',
    capabilities: ['text-to-video', 'image-to-video'],
    ...perSecond(0.196, 'second'),
    inputs: videoInputs('1080p'),
    resolution: '1080p',
    required: ['prompt'],
    enterpriseOnly: ['watermark'],
    exclusive: VIDEO_EXCLUSIVE,
  },
  {
    id: 'mera',
    name: 'Mera',
    description: 'Cinematic clips from text.',
    type: 'video',
    capabilities: ['text-to-video', 'image-to-video'],
    ...perSecond(0.4, 'second'),
    inputs: videoInputs('720p'),
    resolution: '720p',
    required: ['prompt'],
    exclusive: VIDEO_EXCLUSIVE,
  },
  {
    id: 'lumo',
    name: 'Lumo',
    description: 'Stylised clips from text.',
    type: 'video',
    capabilities: ['text-to-video', 'image-to-video'],
    ...perSecond(0.24, 'second'),
    inputs: videoInputs('720p'),
    resolution: '720p',
    required: ['prompt'],
    exclusive: VIDEO_EXCLUSIVE,
  },
  {
    id: 'lipfusion',
    name: 'LipFusion',
    description: 'Gives a clip other words, lips and all.',
    type: 'video',
    capabilities: ['video-to-video', 'lip-sync'],
    ...perSecond(0.12, 'video_second'),
    inputs: LIP_SYNC_INPUTS,
    required: ['video'],
    sourcedFrom: 'video',
    enterpriseOnly: ['watermark'],
  },
  {
    id: 'beatfusion-2.0',
    name: 'BeatFusion 2.0',
    description: 'Songs from lyrics and a style.',
    type: 'music',
    capabilities: ['text-to-music'],
    ...perCall(0.75),
    inputs: MUSIC_INPUTS,
    required: ['lyrics'],
  },
  {
    id: 'beatfusion-1.0',
    name: 'BeatFusion 1.0',
    description: 'Songs from lyrics and a style, the first generation.',
    type: 'music',
    capabilities: ['text-to-music'],
    ...perCall(0.45),
    inputs: MUSIC_INPUTS,
    required: ['lyrics'],
  },
  {
    id: 'voicefusion',
    name: 'VoiceFusion',
    description: 'Speech from text.',
    type: 'audio',
    capabilities: ['text-to-speech'],
    ...perSecond(0.002, 'audio_second'),
    inputs: SPEECH_INPUTS,
    required: ['text'],
  },
  {
    id: 'deepbrain-router',
    name: 'DeepBrain Router',
    description: 'Chat, routed to whatever suits the question.',
    type: 'text',
    capabilities: ['text-to-text', 'chat'],
    ...perMillionTokens(0.5, 1.25),
    inputs: {},
    required: [],
    maxOutputTokens: 8192,
  },
  {
    id: 'skytells-embed-3-large',
    name: 'Skytells Embed 3 Large',
    description: 'Vectors from text.',
    type: 'text',
    capabilities: ['text-to-embedding'],
    ...perMillionTokens(0.13, 0),
    inputs: {},
    required: [],
    dimensions: 3072,
  },
];

const byId: ReadonlyMap<string, ModelSpec> = new Map(specs.map((spec) => [spec.id, spec]));

export function specOf(id: string): ModelSpec | undefined {
  return byId.get(id);
}

const KINDS = { image: 'image', video: 'video', audio: 'speech', music: 'speech', text: 'text' } as const;

/** The models as the core knows them. */
export const models: readonly Model[] = specs.map(
  ({ id, type, price, sourcedFrom: inputField = null, enterpriseOnly = [], exclusive = [] }) =>
    shippedModel({ dialect: NAME, id, kind: KINDS[type], price, inputField, enterpriseOnly, exclusive }),
);
