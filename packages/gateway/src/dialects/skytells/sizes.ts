import type { Aspect, Resolution } from './inputs.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** About a megapixel each. */
const IMAGES: Readonly<Record<Aspect, Size>> = {
  '1:1': { width: 1024, height: 1024 },
  '16:9': { width: 1344, height: 768 },
  '9:16': { width: 768, height: 1344 },
  '4:3': { width: 1152, height: 896 },
  '3:4': { width: 896, height: 1152 },
};

export function imageSize(aspect: Aspect): Size {
  return IMAGES[aspect];
}

/** The resolution gives the shorter side; sides are even, as H.264 requires. */
export function clipSize(aspect: Aspect, resolution: Resolution): Size {
  const short = Number.parseInt(resolution, 10);
  const [w = 1, h = 1] = aspect.split(':').map(Number);
  const long = 2 * Math.round((short * Math.max(w, h)) / Math.min(w, h) / 2);
  return w >= h ? { width: long, height: short } : { width: short, height: long };
}

const MAX_SIDE = 1920;

/** A clip that is edited keeps its size, up to full HD. */
export function sourceSize({
  width = 1280,
  height = 720,
}: {
  width: number | undefined;
  height: number | undefined;
}): Size {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}
