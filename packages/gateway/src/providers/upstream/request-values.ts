import type { GenerationRequest, ImageRequest, SpeechRequest, VideoRequest } from '../../domain/request.ts';
import type { Values } from './places.ts';

export type MediaRequest = ImageRequest | VideoRequest | SpeechRequest;

export function isMedia(request: GenerationRequest): request is MediaRequest {
  return request.kind === 'image' || request.kind === 'video' || request.kind === 'speech';
}

/** The names that an operator may use in a template, besides those of sources. */
export const VALUE_NAMES = [
  'prompt',
  'negative_prompt',
  'width',
  'height',
  'size',
  'aspect_ratio',
  'resolution',
  'count',
  'seed',
  'format',
  'extension',
  'seconds',
  'fps',
  'frames',
  'sound',
  'voice',
  'language',
] as const;

export type ValueName = (typeof VALUE_NAMES)[number];

/** What is known of a model, in order to ask for something that it accepts. */
export interface ModelTraits {
  /** The clip lengths that it accepts, in seconds. */
  readonly seconds?: readonly number[];
}

/** The values of a request, by their names in templates. */
export function valuesOf(
  request: MediaRequest,
  traits: ModelTraits = {},
): Values & { readonly [Name in ValueName]?: Values[string] } {
  const { seed } = request;
  if (request.kind === 'speech') {
    const { text, voice, language, format } = request;
    return { prompt: text, voice, language, seed, format, extension: format };
  }
  const { prompt, negativePrompt, width, height } = request;
  const common = { prompt, negative_prompt: negativePrompt, seed, ...shapeOf(width, height) };
  if (request.kind === 'image') {
    const { count, format } = request;
    return { ...common, count, format, extension: format === 'jpeg' ? 'jpg' : format };
  }
  const { fps, sound, count = 1 } = request;
  const seconds = fitting(request.seconds, traits.seconds);
  const frames = fps === undefined ? undefined : Math.round(seconds * fps);
  return { ...common, count, seconds, fps, frames, sound, format: 'mp4', extension: 'mp4' };
}

const RATIOS = [
  '1:1',
  '5:4',
  '4:5',
  '4:3',
  '3:4',
  '3:2',
  '2:3',
  '16:9',
  '9:16',
  '2:1',
  '1:2',
  '21:9',
  '9:21',
];

/** Many models take an aspect ratio and a number of lines instead of width and height; this gives the nearest of the usual ones. */
function shapeOf(width?: number, height?: number): Values {
  if (width === undefined || height === undefined) return {};
  const amiss = (ratio: string): number => {
    const [w = 1, h = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log((w * height) / (h * width)));
  };
  const [ratio] = RATIOS.toSorted((a, b) => amiss(a) - amiss(b));
  return {
    width,
    height,
    size: `${width}x${height}`,
    aspect_ratio: ratio,
    resolution: `${Math.min(width, height)}p`,
  };
}

/** The shortest length that is long enough, else the longest. */
function fitting(seconds: number, lengths?: readonly number[]): number {
  const sorted = lengths?.toSorted((a, b) => a - b) ?? [];
  return sorted.find((length) => length >= seconds) ?? sorted.at(-1) ?? seconds;
}
