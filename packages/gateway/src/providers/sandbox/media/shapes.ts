import type { Colour } from './colour.ts';

/**
 * Drawings of the things that a prompt may name. Each stands on y = 0, is centred on x = 0 and is at most 100 high and about 100 wide.
 * `fill` is a shaded gradient of the thing's colour; the others are flat colours.
 */
export type Paint = { fill: string; light: string; dark: string; accent: string };

export type Shape = {
  words: string;
  /** Its place if the prompt names none. */
  place?: 'studio' | 'sea' | 'space' | 'city' | 'forest';
  /** How far above the ground it floats, in its own units. */
  lift?: number;
  /** Its colour if the prompt gives it none. */
  natural?: Colour;
  draw(paint: Paint): string;
};

const ink = 'hsl(226,20%,16%)';
const path = (d: string, fill: string, more = '') => `<path d="${d}" fill="${fill}" ${more}/>`;
const circle = (x: number, y: number, r: number, fill: string) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const oval = (x: number, y: number, rx: number, ry: number, fill: string) =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
const box = (x: number, y: number, w: number, h: number, fill: string, r = 0) =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}"/>`;
const stroke = (d: string, colour: string, width: number) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

const SHAPES: readonly Shape[] = [
  {
    words: 'mug cup coffee tea teacup espresso latte cocoa',
    place: 'studio',
    draw: ({ fill, light, dark }) =>
      stroke('M30-66C66-72 66-20 30-22', dark, 9) +
      path('M-38-84L-34-8Q-32 0-22 0H22Q32 0 34-8L38-84Z', fill) +
      oval(0, -84, 38, 9, light) +
      oval(0, -83, 32, 6.5, 'hsl(24,48%,20%)') +
      stroke('M-10-96q-6-8 0-14t0-14M8-96q-6-8 0-14t0-14', 'hsla(0,0%,100%,.4)', 3),
  },
  {
    words: 'bottle perfume wine potion flask shampoo',
    place: 'studio',
    draw: ({ fill, light, dark, accent }) =>
      path('M-8-98H8V-72Q24-64 24-50V-6Q24 0 18 0H-18Q-24 0-24-6V-50Q-24-64-8-72Z', fill) +
      box(-10, -100, 20, 12, dark, 3) +
      box(-24, -44, 48, 26, accent, 1) +
      box(-18, -62, 5, 56, light, 2.5),
  },
  {
    words: 'vase pot jar jug urn ceramic pottery bowl',
    place: 'studio',
    draw: ({ fill, light, dark }) =>
      path('M-14-96H14Q8-78 28-60 44-40 26-6 24 0 18 0H-18Q-24 0-26-6-44-40-28-60-8-78-14-96Z', fill) +
      oval(0, -96, 15, 4, dark) +
      stroke('M-33-50Q0-40 33-50M-35-40Q0-30 35-40', light, 2),
  },
  {
    words: 'apple fruit pear peach orange lemon tomato cherry',
    place: 'studio',
    draw: ({ fill, light, dark }) =>
      stroke('M0-72Q2-86 8-94', 'hsl(24,44%,24%)', 5) +
      path('M4-82Q22-102 38-86 22-74 4-82Z', 'hsl(110,44%,38%)') +
      path('M0-72C-20-86-46-74-44-42-42-14-22 4 0-4 22 4 42-14 44-42 46-74 20-86 0-72Z', fill) +
      oval(-22, -52, 7, 13, light) +
      oval(0, -72, 9, 2.5, dark),
  },
  {
    words: 'ball sphere orb globe marble pearl bubble',
    place: 'studio',
    draw: ({ fill, light }) => circle(0, -45, 45, fill) + oval(-17, -64, 11, 8, light),
  },
  {
    words: 'cake cupcake muffin pie dessert',
    place: 'studio',
    draw: ({ fill, light, accent }) =>
      box(-42, -34, 84, 34, fill, 4) +
      box(-30, -64, 60, 32, fill, 4) +
      path('M-30-60Q-20-44-10-58 0-44 10-58 20-44 30-60V-66H-30Z', light) +
      path('M-42-30Q-28-16-14-28 0-16 14-28 28-16 42-30V-36H-42Z', light) +
      box(-2.5, -84, 5, 20, accent) +
      path('M0-98Q8-88 0-84-8-88 0-98Z', 'hsl(40,96%,62%)'),
  },
  {
    words: 'book notebook novel diary',
    place: 'studio',
    draw: ({ fill, light, dark, accent }) =>
      box(-46, -16, 92, 16, fill, 3) +
      box(-40, -13, 88, 10, 'hsl(44,40%,90%)', 1) +
      `<g transform="rotate(-7 0 -20)">${box(-38, -36, 80, 16, dark, 3)}${box(-32, -33, 76, 10, 'hsl(44,40%,86%)', 1)}</g>` +
      box(-30, -58, 64, 15, accent, 3) +
      box(-24, -55, 60, 9, light, 1),
  },
  {
    words: 'lamp lantern candle light',
    place: 'studio',
    draw: ({ fill, dark }) =>
      `<circle cx="0" cy="-68" r="62" fill="url(#glow)"/>` +
      box(-2.5, -62, 5, 58, dark) +
      oval(0, -3, 24, 5, dark) +
      path('M-16-98H16L34-54H-34Z', fill) +
      oval(0, -54, 34, 5, 'hsl(46,96%,82%)'),
  },
  {
    words: 'phone smartphone tablet screen laptop computer',
    place: 'studio',
    draw: ({ fill, light, accent }) =>
      box(-27, -100, 54, 100, fill, 9) +
      box(-23, -94, 46, 88, accent, 5) +
      path('M-23-40Q-8-58 4-42T23-48V-11Q23-6 18-6H-18Q-23-6-23-11Z', light) +
      circle(9, -72, 8, 'hsl(46,96%,78%)'),
  },
  {
    words: 'shoe shoes sneaker sneakers boot boots trainer',
    place: 'studio',
    draw: ({ fill, light, dark }) =>
      path('M-46-58Q-36-50-22-60 0-34 30-28 52-24 52-10H-50Q-54-40-46-58Z', fill) +
      path('M-51-14H53Q54 0 46 0H-46Q-53 0-51-14Z', 'hsl(40,20%,94%)') +
      stroke('M-16-52l-8 10M-7-44l-8 10M3-37l-8 10', light, 4) +
      path('M-48-52Q-40-44-34-30L-50-22Z', dark),
  },
  {
    words: 'chair armchair sofa couch seat',
    place: 'studio',
    draw: ({ fill, light, dark }) =>
      box(-34, -96, 68, 60, fill, 14) +
      box(-46, -56, 18, 44, dark, 8) +
      box(28, -56, 18, 44, dark, 8) +
      box(-32, -44, 64, 22, light, 8) +
      box(-32, -24, 64, 14, fill, 4) +
      box(-36, -12, 7, 12, ink) +
      box(29, -12, 7, 12, ink),
  },
  {
    words: 'house cottage cabin barn home hut',
    draw: ({ fill, dark, accent }) =>
      box(20, -88, 12, 30, dark) +
      box(-40, -54, 80, 54, fill) +
      path('M-52-52L0-96L52-52Z', dark) +
      box(-9, -32, 18, 32, ink, 2) +
      box(-32, -42, 16, 16, accent, 1) +
      box(17, -42, 16, 16, accent, 1),
  },
  {
    words: 'castle tower lighthouse palace fortress temple',
    draw: ({ fill, light, dark, accent }) =>
      box(-46, -52, 92, 52, fill) +
      box(-16, -84, 32, 84, light) +
      [-46, 26].map((x) => box(x, -68, 20, 68, dark) + path(`M${x - 3}-67h26l-13-24Z`, accent)).join('') +
      path('M-20-83H20L0-112Z', accent) +
      path('M-9 0V-18Q0-30 9-18V0Z', ink) +
      box(-4, -66, 8, 14, ink, 4),
  },
  {
    words: 'tree oak maple willow trees bonsai',
    natural: [112, 40, 40],
    draw: ({ fill, light, dark }) =>
      path('M-6 0Q-2-30-4-52H4Q2-30 8 0Z', 'hsl(24,38%,24%)') +
      circle(-22, -52, 22, dark) +
      circle(24, -54, 21, dark) +
      circle(0, -70, 30, fill) +
      circle(-10, -78, 13, light),
  },
  {
    words: 'pine fir spruce christmas',
    natural: [150, 40, 32],
    draw: ({ fill, light, dark }) =>
      box(-5, -14, 10, 14, 'hsl(24,38%,24%)') +
      path('M0-58L38-12H-38Z', dark) +
      path('M0-82L30-36H-30Z', fill) +
      path('M0-104L21-62H-21Z', light),
  },
  {
    words: 'flower flowers rose tulip daisy sunflower blossom bouquet',
    draw: ({ fill, light, accent }) =>
      stroke('M0 0Q-5-30 0-62', 'hsl(120,40%,32%)', 5) +
      path('M-1-22Q-30-22-32-42-8-42-1-22ZM0-30Q22-32 28-50 6-50 0-30Z', 'hsl(124,40%,38%)') +
      [0, 60, 120, 180, 240, 300]
        .map((a) => `<g transform="translate(0 -70) rotate(${a})">${oval(0, -17, 11, 16, fill)}</g>`)
        .join('') +
      circle(0, -70, 11, accent) +
      circle(-3, -73, 4, light),
  },
  {
    words: 'cat kitten kitty',
    draw: ({ fill, light, dark, accent }) =>
      stroke('M24-8Q58-8 46-44', dark, 9) +
      path('M-30 0Q-34-48 0-50 34-48 30 0Z', fill) +
      path('M-30-60L-28-98L-8-82H8L28-98L30-60Q26-40 0-40-26-40-30-60Z', fill) +
      path('M-24-78L-23-90L-14-82ZM24-78L23-90L14-82Z', light) +
      oval(-12, -64, 4.5, 6, accent) +
      oval(12, -64, 4.5, 6, accent) +
      oval(-12, -64, 1.6, 5, ink) +
      oval(12, -64, 1.6, 5, ink) +
      path('M-4-54H4L0-50Z', 'hsl(350,60%,66%)') +
      oval(0, -16, 13, 16, light),
  },
  {
    words: 'dog puppy hound wolf fox',
    draw: ({ fill, light, dark }) =>
      stroke('M26-20Q46-26 44-50', fill, 8) +
      path('M-28 0Q-32-46 0-50 32-46 28 0Z', fill) +
      oval(0, -68, 27, 25, fill) +
      path('M-24-84Q-46-84-40-50-26-56-24-84ZM24-84Q46-84 40-50 26-56 24-84Z', dark) +
      oval(0, -58, 13, 10, light) +
      circle(-10, -74, 3.4, ink) +
      circle(10, -74, 3.4, ink) +
      oval(0, -63, 5, 3.6, ink) +
      oval(0, -14, 12, 14, light),
  },
  {
    words: 'person woman man girl boy portrait people astronaut dancer child model face',
    draw: ({ fill, dark, accent }) =>
      path('M-40 0Q-40-44-12-48H12Q40-44 40 0Z', fill) +
      box(-7, -58, 14, 16, 'hsl(24,44%,58%)', 6) +
      path('M-24-74Q-26-104 0-104 26-104 24-74L26-52Q0-62-26-52Z', dark) +
      oval(0, -74, 17, 20, 'hsl(24,48%,66%)') +
      path('M-19-78Q-10-98 19-82 18-100 0-100-19-100-19-78Z', dark) +
      path('M-12-47Q0-34 12-47L8-50Q0-42-8-50Z', accent),
  },
  {
    words: 'robot android droid machine',
    draw: ({ fill, light, dark, accent }) =>
      stroke('M0-92V-104', dark, 4) +
      circle(0, -106, 5, accent) +
      box(-28, -94, 56, 40, fill, 10) +
      box(-22, -84, 44, 20, ink, 8) +
      circle(-10, -74, 5, accent) +
      circle(10, -74, 5, accent) +
      box(-24, -50, 48, 36, fill, 7) +
      box(-14, -42, 28, 14, light, 3) +
      box(-40, -48, 11, 34, dark, 5) +
      box(29, -48, 11, 34, dark, 5) +
      box(-20, -14, 14, 14, dark, 3) +
      box(6, -14, 14, 14, dark, 3),
  },
  {
    words: 'car taxi truck van vehicle sedan bus',
    place: 'city',
    draw: ({ fill, light, dark }) =>
      path('M-34-34Q-26-58-14-58H14Q28-56 36-34Z', dark) +
      path('M-28-35Q-22-52-12-52H-2V-35ZM3-52H13Q24-50 29-35H3Z', 'hsl(200,50%,82%)') +
      path('M-56-12Q-58-34-38-36H36Q58-32 58-12Z', fill) +
      box(-54, -26, 8, 6, light, 3) +
      circle(-32, -11, 12, ink) +
      circle(34, -11, 12, ink) +
      circle(-32, -11, 5, 'hsl(214,10%,74%)') +
      circle(34, -11, 5, 'hsl(214,10%,74%)'),
  },
  {
    words: 'boat ship sailboat yacht sail canoe',
    place: 'sea',
    draw: ({ fill, light, dark }) =>
      box(-2, -98, 4, 84, 'hsl(24,38%,30%)') +
      path('M4-96Q44-56 42-24H4Z', fill) +
      path('M-4-86Q-32-52-32-24H-4Z', light) +
      path('M-50-18H50Q42 2 30 2H-30Q-44 2-50-18Z', dark),
  },
  {
    words: 'fish whale dolphin shark goldfish',
    place: 'sea',
    lift: 12,
    draw: ({ fill, light, dark }) =>
      path('M30-34L58-58Q52-34 58-10Z', dark) +
      path('M-6-58Q10-84 24-54Z', dark) +
      path('M-50-34Q-20-74 38-34-20 4-50-34Z', fill) +
      path('M-46-30Q-16-8 30-31-18-22-46-30Z', light) +
      circle(-29, -39, 4, ink),
  },
  {
    words: 'bird eagle owl parrot swan crow dove dragon phoenix',
    lift: 62,
    draw: ({ fill, light, dark }) =>
      path('M28-34L58-46 50-28 60-18Z', dark) +
      path('M-34-38Q0-56 36-32 0-8-34-38Z', fill) +
      path('M-4-44Q10-92 48-96 30-62 20-34Z', light) +
      path('M-8-40Q-26-82-2-100 6-64 12-36Z', dark) +
      circle(-32, -41, 11, fill) +
      path('M-42-43L-54-37-41-36Z', 'hsl(40,90%,56%)') +
      circle(-35, -43, 2.2, ink),
  },
  {
    words: 'balloon balloons airship',
    lift: 48,
    draw: ({ fill, light, dark, accent }) =>
      stroke('M-18-36L-7-14M18-36L7-14', dark, 1.5) +
      path('M-36-68C-36-116 36-116 36-68 36-50 16-42 12-34H-12C-16-42-36-50-36-68Z', fill) +
      path('M-13-101Q-26-60-8-34H8Q26-60 13-101Q0-106-13-101Z', accent, 'opacity=".55"') +
      oval(-19, -80, 6, 13, light) +
      box(-9, -15, 18, 13, 'hsl(30,46%,36%)', 2),
  },
  {
    words: 'rocket spaceship spacecraft shuttle satellite ufo',
    place: 'space',
    lift: 30,
    draw: ({ fill, light, dark, accent }) =>
      path('M-9 2Q0 34 9 2Z', 'hsl(36,96%,60%)') +
      path('M-18-36L-34-2-14-10ZM18-36L34-2 14-10Z', dark) +
      path('M0-106Q30-70 18 0H-18Q-30-70 0-106Z', fill) +
      circle(0, -58, 11, light) +
      circle(0, -58, 7, accent),
  },
  {
    words: 'umbrella parasol',
    draw: ({ fill, light, dark }) =>
      stroke('M0-84V-8Q0 0 8 0T16-8', dark, 4) +
      path('M-52-50Q-46-94 0-98 46-94 52-50 39-60 26-50 13-60 0-50-13-60-26-50-39-60-52-50Z', fill) +
      path('M-26-50Q-22-84 0-98 22-84 26-50 13-60 0-50-13-60-26-50Z', light, 'opacity=".4"'),
  },
  {
    words: 'heart love valentine',
    lift: 22,
    draw: ({ fill, light }) =>
      path('M0-2C-70-46-46-98-18-90-6-86 0-74 0-74S6-86 18-90C46-98 70-46 0-2Z', fill) +
      oval(-24, -70, 6, 10, light),
  },
  {
    words: 'star crystal diamond gem jewel',
    lift: 26,
    draw: ({ fill, light, dark }) =>
      path('M0-100L40-62L0 0L-40-62Z', fill) +
      path('M0-100L-16-62H16Z', light) +
      path('M-40-62H-16L0 0Z', dark) +
      path('M16-62H40L0 0Z', dark, 'opacity=".5"'),
  },
];

const BY_WORD = new Map(
  SHAPES.flatMap((shape) => shape.words.split(' ').map((word) => [word, shape] as const)),
);

/** The shape that a word names, in singular or plural. */
export function shapeNamed(word: string): Shape | undefined {
  return BY_WORD.get(word) ?? BY_WORD.get(word.replace(/e?s$/, '')) ?? BY_WORD.get(word.replace(/s$/, ''));
}
