import { nearestSize, type Size } from '../upstream/nearest-size.ts';
import type { ModelSettings } from './settings.ts';

export interface Shape {
  readonly size: `${number}x${number}` | undefined;
  readonly aspectRatio: `${number}:${number}` | undefined;
}

/** The size of an order in the form that a model takes: the exact size unless the settings say otherwise. */
export function shapeOf({ width, height }: Partial<Size>, { sizes, aspect_ratios }: ModelSettings): Shape {
  if (width === undefined || height === undefined) return { size: undefined, aspectRatio: undefined };
  const asked = { width, height };
  const aspectRatio =
    aspect_ratios &&
    (nearestSize(
      asked,
      aspect_ratios.map((one) => one.replace(':', 'x')),
    ).replace('x', ':') as Shape['aspectRatio']);
  if (sizes !== undefined) return { size: nearestSize(asked, sizes) as Shape['size'], aspectRatio };
  return { size: aspectRatio === undefined ? `${width}x${height}` : undefined, aspectRatio };
}
