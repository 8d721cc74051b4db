import createSharp, { type Sharp, type SharpInput, type SharpOptions } from 'sharp';
import { SourceMediaError } from './errors.ts';

// One thread per job, because the pool already uses all cores. No cache, because no input comes twice.
createSharp.concurrency(1);
createSharp.cache(false);

/** 50 megapixels decode to 200 MB of RGBA: more than any image model takes, and little enough to fit in memory. */
const MAX_SOURCE_PIXELS = 50_000_000;

export function sharp(input?: SharpInput, options?: SharpOptions): Sharp {
  return createSharp(input, { limitInputPixels: MAX_SOURCE_PIXELS, ...options });
}

/**
 * A source as opaque RGB of exactly the given size, upright, cut to fit.
 *
 * @throws SourceMediaError
 */
export async function coverFit(source: Uint8Array, width: number, height: number): Promise<Buffer> {
  try {
    return await sharp(source, { failOn: 'error' })
      .autoOrient()
      .toColourspace('srgb')
      .resize(width, height, { fit: 'cover', position: 'centre' })
      .flatten({ background: '#ffffff' })
      .removeAlpha()
      .raw()
      .toBuffer();
  } catch (cause) {
    throw new SourceMediaError(
      `the source image cannot be decoded: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}
