export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Aspect ratios that differ by less than this look the same. */
const SAME_SHAPE = 0.05;

/** Sizes are rounded to even numbers here but not there; one pixel less does not make a size too small. */
const ENOUGH = 0.98;

/** The size, as `1280x720`, with the nearest aspect ratio; among equals the smallest that is large enough, else the largest. */
export function nearestSize(asked: Size, sizes: readonly string[]): string {
  const area = asked.width * asked.height;
  const ranked = sizes.map((size) => {
    const [width = 1, height = 1] = size.split('x').map(Number);
    const shape = Math.abs(Math.log((width * asked.height) / (height * asked.width)));
    const pixels = width * height;
    return {
      size,
      shape: Math.round(shape / SAME_SHAPE),
      amiss: pixels >= area * ENOUGH ? Math.abs(pixels - area) : 1e9 - pixels,
    };
  });
  ranked.sort((a, b) => a.shape - b.shape || a.amiss - b.amiss);
  return ranked[0]?.size ?? '';
}
