import { ownOf } from '../upstream/model-input.ts';
import { nearestSize, type Size } from '../upstream/nearest-size.ts';
import type { Settings } from './settings.ts';

/** A shape and how fine it is, in the words that many contracts have for a size. */
export interface Frame {
  readonly aspect: string;
  readonly resolution: string;
}

/** The frame whose size comes nearest to what is asked for. */
export function frameFor(asked: Size, aspects: readonly string[], resolutions: readonly string[]): Frame {
  const frames = new Map<string, Frame>();
  for (const resolution of resolutions)
    for (const aspect of aspects) frames.set(sizeOf(resolution, aspect), { aspect, resolution });
  return frames.get(nearestSize(asked, [...frames.keys()])) ?? { aspect: '', resolution: '' };
}

/** `720p` names the short side, `2K` the side of a square of as many pixels. */
function sizeOf(resolution: string, aspect: string): string {
  const [width = 1, height = 1] = aspect.split(':').map(Number);
  const amount = Number.parseFloat(resolution) || 1;
  const unit = /k$/i.test(resolution)
    ? (amount * 1024) / Math.sqrt(width * height)
    : amount / Math.min(width, height);
  return `${Math.round(width * unit)}x${Math.round(height * unit)}`;
}

const SEEDS = 2 ** 32;

/** Any seed as one of those that most contracts know. */
export function seedFor(seed: number): number {
  return ((seed % SEEDS) + SEEDS) % SEEDS;
}

/** What is known of a model, where the operator does not say better. */
export interface Frames {
  readonly aspects: readonly string[];
  readonly resolutions: readonly string[];
}

/** The frame of a request, as a model takes it; undefined where the size is that of its source. */
export function frameOf(
  { models = {} }: Settings,
  model: string,
  { width, height }: Partial<Size>,
  known: Frames,
): Frame | undefined {
  if (width === undefined || height === undefined) return undefined;
  const own = ownOf(models, model);
  return frameFor(
    { width, height },
    own?.aspect_ratios ?? known.aspects,
    own?.resolutions ?? known.resolutions,
  );
}

/** The contracts that take a length take whole seconds. */
export function secondsFrom(least: number, most: number): readonly number[] {
  return Array.from({ length: most - least + 1 }, (_, index) => least + index);
}
