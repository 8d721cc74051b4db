export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The exact size in pixels of each aspect ratio. */
export type Shapes = Readonly<Record<string, Size>>;

/** An aspect ratio and its size at the smallest resolution. */
type Shape = readonly [aspect: string, width: number, height: number];

/**
 * The contract shows a single size (2K at 1:1 is 2048 x 2048, section 3) and no table. The others have about as many pixels, sides that are
 * multiples of 16, and twice the length with each K.
 */
const IMAGE_SHAPES: readonly Shape[] = [
  ['1:1', 1024, 1024],
  ['16:9', 1280, 720],
  ['9:16', 720, 1280],
  ['3:2', 1248, 832],
  ['2:3', 832, 1248],
  ['4:3', 1152, 864],
  ['3:4', 864, 1152],
];

const IMAGE_SCALE = { '1K': 1, '2K': 2, '4K': 4 } as const;
export type ImageResolution = keyof typeof IMAGE_SCALE;

/** `1080p` at 16:9 is 1920 x 1080 (section 5). The name gives the shorter side; H.264 needs even numbers, hence 854. */
const FILM: Readonly<Record<string, readonly Shape[]>> = {
  '480p': [
    ['16:9', 854, 480],
    ['9:16', 480, 854],
    ['1:1', 480, 480],
    ['4:3', 640, 480],
    ['3:4', 480, 640],
  ],
  '720p': [
    ['16:9', 1280, 720],
    ['9:16', 720, 1280],
    ['1:1', 720, 720],
    ['4:3', 960, 720],
    ['3:4', 720, 960],
  ],
  '1080p': [
    ['16:9', 1920, 1080],
    ['9:16', 1080, 1920],
    ['1:1', 1080, 1080],
    ['4:3', 1440, 1080],
    ['3:4', 1080, 1440],
  ],
};

export const IMAGE_ASPECTS = IMAGE_SHAPES.map(([aspect]) => aspect);

export function imageShapes(resolution: ImageResolution, aspects: readonly string[] = IMAGE_ASPECTS): Shapes {
  return shapes(IMAGE_SHAPES, aspects, IMAGE_SCALE[resolution]);
}

export function filmShapes(resolution: '480p' | '720p' | '1080p', aspects: readonly string[]): Shapes {
  return shapes(FILM[resolution] ?? [], aspects, 1);
}

function shapes(all: readonly Shape[], aspects: readonly string[], scale: number): Shapes {
  return Object.fromEntries(
    all
      .filter(([aspect]) => aspects.includes(aspect))
      .map(([aspect, width, height]) => [aspect, { width: width * scale, height: height * scale }]),
  );
}
