import type { JsonObject } from '../../domain/json.ts';
import type { ImageRequest } from '../../domain/request.ts';
import { fieldsOf, withParameters } from '../upstream/parameters.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import { picturePart } from '../upstream/source-file.ts';
import type { Settings } from './settings.ts';
import type { Work } from './works.ts';

const ROOT = '/v2beta/stable-image';
/** As JSON, a picture comes with its finish reason. */
const ACCEPT = { accept: 'application/json' };

const RATIOS = ['21:9', '16:9', '3:2', '5:4', '1:1', '4:5', '2:3', '9:16', '9:21'];
/** Seed 0 would mean a random one. */
const SEEDS = 4_294_967_294;
const STRENGTH = 0.65;

export interface PictureOrder {
  readonly work: Work;
  readonly request: ImageRequest;
  readonly sources: readonly Uint8Array[];
  /** Which of several pictures that were ordered together. */
  readonly index: number;
}

/** The order of one picture, since each order makes one. Always a form, even if it only has text. */
export function pictureRequest(
  { work, request, sources, index }: PictureOrder,
  settings: Settings,
): UpstreamRequest {
  const form = fieldsOf(
    withParameters(fields(work, request, sources.length, index, settings), settings.parameters),
  );
  const pictures = sources.map((bytes, at) => picturePart(work.pictures?.[at] ?? 'image', bytes, at));
  return { method: 'POST', path: ROOT + work.path, headers: ACCEPT, form: [...form, ...pictures] };
}

/** Polls asynchronous work. */
export function resultRequest(id: string): UpstreamRequest {
  return { method: 'GET', path: `/v2beta/results/${encodeURIComponent(id)}`, headers: ACCEPT };
}

function fields(
  { prompt = 'prompt', plain = false, formats, model, optional }: Work,
  { prompt: words, negativePrompt, format, seed, width, height }: ImageRequest,
  sources: number,
  index: number,
  { strength = STRENGTH }: Settings,
): JsonObject {
  const blends = optional === true && sources > 0;
  const shaped = sources === 0 && width !== undefined && height !== undefined;
  return {
    ...(prompt !== null && { [prompt]: words }),
    ...(model !== undefined && { model, mode: blends ? 'image-to-image' : 'text-to-image' }),
    ...(negativePrompt !== undefined && takesNegative(prompt, model) && { negative_prompt: negativePrompt }),
    ...(shaped && { aspect_ratio: ratioOf(width, height) }),
    ...(blends && { strength }),
    ...(!plain && { seed: (seed + index) % SEEDS || 1 }),
    output_format: formats === undefined || formats.includes(format) ? format : 'png',
  };
}

function takesNegative(prompt: string | null, model: string | undefined): boolean {
  return prompt !== null && model?.endsWith('-turbo') !== true;
}

/** The nearest aspect ratio. */
function ratioOf(width: number, height: number): string {
  const amiss = (ratio: string): number => {
    const [w = 1, h = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log((w * height) / (h * width)));
  };
  return RATIOS.toSorted((a, b) => amiss(a) - amiss(b))[0] ?? '1:1';
}
