export interface Size {
  readonly width: number;
  readonly height: number;
}

const IMAGE_BASE: Readonly<Record<string, number>> = { '1K': 1024, '2K': 2048, '4K': 4096 };
const FILM_SHORT: Readonly<Record<string, number>> = { '480p': 480, '720p': 720, '1080p': 1080 };

function ratioOf(aspect: string): number {
  const [width = 1, height = 1] = aspect.split(':').map(Number);
  return width / height;
}

/** "1K" and so on give the side of the square; other aspect ratios have about as many pixels, in multiples of 8. */
export function imageSize(resolution: string, aspect: string): Size {
  const base = IMAGE_BASE[resolution] ?? 1024;
  const root = Math.sqrt(ratioOf(aspect));
  const eighth = (side: number): number => Math.round(side / 8) * 8;
  return { width: eighth(base * root), height: eighth(base / root) };
}

/** "720p" and so on give the shorter side; H.264 needs even numbers. */
export function filmSize(resolution: string, aspect: string): Size {
  const short = FILM_SHORT[resolution] ?? 720;
  const ratio = ratioOf(aspect);
  const even = (side: number): number => Math.round(side / 2) * 2;
  return ratio >= 1
    ? { width: even(short * ratio), height: short }
    : { width: short, height: even(short / ratio) };
}
