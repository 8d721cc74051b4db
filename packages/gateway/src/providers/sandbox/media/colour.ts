/** Hue in degrees, saturation and lightness in percent. */
export type Colour = readonly [h: number, s: number, l: number];

export const COLOURS: Record<string, Colour> = {
  red: [2, 76, 48],
  crimson: [348, 78, 44],
  scarlet: [8, 84, 48],
  orange: [26, 90, 54],
  amber: [38, 92, 52],
  yellow: [48, 94, 56],
  gold: [43, 80, 52],
  golden: [43, 80, 52],
  lime: [84, 68, 50],
  green: [136, 48, 40],
  emerald: [154, 62, 38],
  olive: [68, 40, 36],
  mint: [158, 46, 70],
  teal: [178, 58, 36],
  turquoise: [174, 60, 50],
  cyan: [188, 76, 52],
  blue: [214, 74, 48],
  navy: [220, 60, 26],
  indigo: [246, 54, 44],
  purple: [276, 52, 46],
  violet: [268, 60, 58],
  lavender: [262, 46, 76],
  magenta: [312, 68, 50],
  pink: [338, 76, 70],
  brown: [24, 44, 32],
  beige: [38, 40, 80],
  cream: [44, 60, 88],
  white: [40, 12, 94],
  silver: [214, 10, 74],
  grey: [214, 7, 52],
  gray: [214, 7, 52],
  black: [226, 14, 15],
};

const clamp = (value: number) => Math.min(100, Math.max(0, value));
const digits = (value: number) => Math.round(value * 10) / 10;

export function css([h, s, l]: Colour): string {
  return `hsl(${digits(((h % 360) + 360) % 360)},${digits(clamp(s))}%,${digits(clamp(l))}%)`;
}

export function lighter([h, s, l]: Colour, by: number): Colour {
  return [h, s, clamp(l + by)];
}

export function turned([h, s, l]: Colour, degrees: number): Colour {
  return [h + degrees, s, l];
}

/** Each channel from 0 to 1, for tints that are computed on pixels instead of drawn. */
export function rgb([h, s, l]: Colour): [r: number, g: number, b: number] {
  const a = (s / 100) * Math.min(l / 100, 1 - l / 100);
  const channel = (n: number) => {
    const k = (((n + h / 30) % 12) + 12) % 12;
    return l / 100 - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}
