import { ownOf } from '../upstream/model-input.ts';
import { nearestSize, type Size } from '../upstream/nearest-size.ts';
import type { Settings } from './settings.ts';

/** Aspect ratio and resolution, the form in which many contracts express a size. */
export interface Frame {
  readonly aspect: string;
  readonly resolution: string;
}

/** The frame whose size is nearest to the one that was ordered. */
export function frameFor(asked: Size, aspects: readonly string[], resolutions: readonly string[]): Frame {
  const frames = new Map<string, Frame>();
  for (const resolution of resolutions)
    for (const aspect of aspects) frames.set(sizeOf(resolution, aspect), { aspect, resolution });
  return frames.get(nearestSize(asked, [...frames.keys()])) ?? { aspect: '', resolution: '' };
}

/** `720p` gives the shorter side; `2K` the side of a square with as many pixels. */
function sizeOf(resolution: string, aspect: string): string {
  const [width = 1, height = 1] = aspect.split(':').map(Number);
  const amount = Number.parseFloat(resolution) || 1;
  const unit = /k$/i.test(resolution)
    ? (amount * 1024) / Math.sqrt(width * height)
    : amount / Math.min(width, height);
  return `${Math.round(width * unit)}x${Math.round(height * unit)}`;
}

const SEEDS = 2 ** 32;

/** Maps any seed into the range that most contracts accept. */
export function seedFor(seed: number): number {
  return ((seed % SEEDS) + SEEDS) % SEEDS;
}

/** The frames of a model, unless the operator's settings say otherwise. */
export interface Frames {
  readonly aspects: readonly string[];
  readonly resolutions: readonly string[];
}

/** The frame of a request in the form that the model takes; undefined if the size is that of its source. */
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

/** Contracts with a duration take whole seconds. */
export function secondsFrom(least: number, most: number): readonly number[] {
  return Array.from({ length: most - least + 1 }, (_, index) => least + index);
}
