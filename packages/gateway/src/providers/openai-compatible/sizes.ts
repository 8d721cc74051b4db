import { nearestSize, type Size } from '../upstream/nearest-size.ts';

interface Traits {
  readonly sizes?: readonly string[];
  readonly seconds?: readonly number[];
}

/** What OpenAI's own models take, by the start of their names (API reference of images and videos). Other models: any size. */
const KNOWN: readonly (readonly [RegExp, Traits])[] = [
  [/^(?:gpt-image-1|chatgpt-image)/, { sizes: ['1024x1024', '1536x1024', '1024x1536'] }],
  [/^sora-2-pro/, { sizes: ['1280x720', '720x1280', '1792x1024', '1024x1792'], seconds: [4, 8, 12] }],
  [/^sora-2/, { sizes: ['1280x720', '720x1280'], seconds: [4, 8, 12] }],
];

/** Models of the second generation and later: sides in steps, with limits on aspect ratio, longest side and number of pixels. */
const FREE = /^gpt-image-/;
const STEP = 16;
const MOST_OBLONG = 2.9;
const LONGEST = 3840;
const PIXELS = { least: 655_360, most: 8_294_400 };

/** `traits`: the operator's settings of the model, which override what is known here. */
export function sizeFor(model: string, asked: Size, traits: Traits = {}): string {
  const sizes = traits.sizes ?? KNOWN.find(([name]) => name.test(model))?.[1].sizes;
  if (sizes !== undefined) return nearestSize(asked, sizes);
  const { width, height } = FREE.test(model) ? fitted(asked) : asked;
  return `${width}x${height}`;
}

/** The shortest length that is long enough, else the longest. */
export function secondsFor(model: string, asked: number, traits: Traits = {}): number {
  const lengths = traits.seconds ?? KNOWN.find(([name]) => name.test(model))?.[1].seconds;
  if (lengths === undefined) return Math.ceil(asked);
  const sorted = lengths.toSorted((a, b) => a - b);
  return sorted.find((one) => one >= asked) ?? sorted.at(-1) ?? asked;
}

function fitted(asked: Size): Size {
  if (isTaken(asked)) return asked;
  const ratio = within(asked.width / asked.height, 1 / MOST_OBLONG, MOST_OBLONG);
  // Rounding to steps changes the number of pixels by some percent, so the target keeps that distance from the limits.
  const pixels = within(asked.width * asked.height, PIXELS.least * 1.05, PIXELS.most * 0.97);
  const oblong = Math.max(ratio, 1 / ratio);
  const long = toStep(Math.min(LONGEST, Math.sqrt(pixels * oblong)));
  const short = toStep(long / oblong);
  return ratio >= 1 ? { width: long, height: short } : { width: short, height: long };
}

function isTaken({ width, height }: Size): boolean {
  const [pixels, ratio] = [width * height, Math.max(width / height, height / width)];
  const stepped = width % STEP === 0 && height % STEP === 0;
  const sized = pixels >= PIXELS.least && pixels <= PIXELS.most && Math.max(width, height) <= LONGEST;
  return stepped && sized && ratio <= MOST_OBLONG;
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
const toStep = (side: number): number => Math.round(side / STEP) * STEP;
