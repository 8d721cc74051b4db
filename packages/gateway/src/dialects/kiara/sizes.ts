import type { Aspect, ImageQuality, Resolution } from './create-body.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

type Shapes = Readonly<Record<Aspect, Size>>;

const shapes = (long: number, short: number, square: number): Shapes => ({
  portrait: { width: short, height: long },
  landscape: { width: long, height: short },
  square: { width: square, height: square },
});

/** 832 x 1216 is the size in the contract's sample (section 6); the square has about as many pixels. */
const PRO = shapes(1216, 832, 1024);

/** "2K" and "4K" give the longer side; the shorter one keeps the aspect ratio of {@link PRO}, rounded to a multiple of 8. */
const VOGUE: Readonly<Record<ImageQuality, Shapes>> = {
  '2k': shapes(2048, 1400, 2048),
  '4k': shapes(4096, 2800, 4096),
};

/** 16:9, where the name gives the shorter side. H.264 needs even numbers, hence 854. */
const FILM: Readonly<Record<Resolution, Shapes>> = {
  '480p': shapes(854, 480, 480),
  '720p': shapes(1280, 720, 720),
  '1080p': shapes(1920, 1080, 1080),
};

/** Undefined: the size of the first source (contract section 10: "source size kept", "size of first"). */
export function imageSize(product: string, aspect: Aspect, quality: ImageQuality): Size | undefined {
  switch (product) {
    case 'kiara-edit':
    case 'kiara-style':
      return undefined;
    case 'kiara-vogue':
      return VOGUE[quality][aspect];
    case 'kiara-reference':
      // "4K finish" without a choice of aspect: the default aspect of images.
      return VOGUE['4k'].portrait;
    default:
      return PRO[aspect];
  }
}

export function filmSize(aspect: Aspect, resolution: Resolution): Size {
  return FILM[resolution][aspect];
}
