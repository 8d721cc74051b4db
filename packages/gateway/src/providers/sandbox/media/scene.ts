import { backdrop } from './backdrop.ts';
import { type Colour, css, lighter, turned } from './colour.ts';
import { type Random, random } from './random.ts';
import { type Light, type Place, type Reading, readPrompt } from './reading.ts';
import type { Paint } from './shapes.ts';

/** A picture in two layers, so that a video can move one against the other. Both are complete SVG documents. */
export type Scene = {
  picture: string;
  behind: string;
  /** Transparent except for the things that the prompt names; undefined if it names none. */
  things: string | undefined;
  /** The prompt's colour, for edits and particles. */
  tint: Colour;
};

/** The shorter side is always 1000 units, so a prompt gives the same composition at every resolution. */
const SHORT_SIDE = 1000;

/** Deterministic: prompt, seed and the frame's aspect ratio decide every pixel. */
export function scene(prompt: string, seed: number, width: number, height: number): Scene {
  const r = random(prompt.normalize('NFC'), seed);
  const reading = readPrompt(prompt);
  const unit = SHORT_SIDE / Math.min(width, height);
  const [w, h] = [width * unit, height * unit];
  const place = reading.place ?? anyPlace(reading, r);
  const light = reading.light ?? r.pick<Light>(['day', 'day', 'dawn', 'sunset', 'sunset', 'night']);
  const accent: Colour = [r.between(0, 360), r.between(56, 78), r.between(50, 60)];
  // If there are things, the colour is theirs and not also the place's: "red mug" is not red on red.
  const theme = reading.things.length > 0 && place !== 'studio' ? undefined : reading.colour;
  const back = backdrop(place, light, theme, w, h, r);
  const things = drawThings(reading, accent, back.floor, w, h, r);
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${w} ${h}" preserveAspectRatio="none">`;
  const vignette =
    '<defs><radialGradient id="edge" cx=".5" cy=".46" r=".78"><stop offset=".55" stop-opacity="0"/>' +
    `<stop offset="1" stop-opacity=".34"/></radialGradient></defs><rect width="${w}" height="${h}" fill="url(#edge)"/>`;
  return {
    picture: `${open}${back.svg}${things}${vignette}</svg>`,
    behind: `${open}${back.svg}${vignette}</svg>`,
    things: things === '' ? undefined : `${open}${things}</svg>`,
    tint: reading.colour ?? accent,
  };
}

function anyPlace({ things }: Reading, r: Random): Place {
  if (things.length > 0) return r.pick<Place>(['hills', 'hills', 'forest', 'sea']);
  return r.pick<Place>(['hills', 'hills', 'sea', 'desert', 'snow', 'forest', 'city', 'abstract', 'abstract']);
}

function drawThings(
  { things, colour: named }: Reading,
  accent: Colour,
  floor: number,
  w: number,
  h: number,
  r: Random,
): string {
  // The first thing is in the middle; the others stand beside it, smaller and slightly further back.
  const spots = [
    [0.5, 1, 0],
    [0.8, 0.62, -0.05],
    [0.2, 0.56, -0.06],
  ] as const;
  return things
    .map(({ shape, colour }, i) => {
      const [at, share, back] = spots[i] ?? spots[0];
      const own: Colour = colour ?? shape.natural ?? (i === 0 ? named : undefined) ?? turned(accent, i * 130);
      const scale =
        (Math.min(w, h * 0.82) / 100) * share * (things.length > 1 ? 0.46 : 0.54) * r.between(0.96, 1.06);
      const x = w * (at + r.between(-0.025, 0.025));
      const y = h * (floor + back);
      const lift = (shape.lift ?? 0) * scale * 0.8;
      const paint: Paint = {
        fill: `url(#thing${i})`,
        light: css(lighter(own, 17)),
        dark: css(lighter(own, -15)),
        accent: css(lighter(turned(own, 160), own[2] < 30 ? 40 : 12)),
      };
      return (
        `<defs>${shading(i, own)}</defs>` +
        shadow(x, y, scale, shape.lift !== undefined) +
        `<g transform="translate(${x.toFixed(1)} ${(y - lift).toFixed(1)}) scale(${scale.toFixed(3)})">${shape.draw(paint)}</g>`
      );
    })
    .reverse()
    .join('');
}

/** Light from the upper left. User-space units give all parts of a thing the same light. */
function shading(i: number, colour: Colour): string {
  const stops = [lighter(colour, 13), colour, lighter(colour, -17)];
  return (
    `<linearGradient id="thing${i}" gradientUnits="userSpaceOnUse" x1="-44" y1="-90" x2="46" y2="-10">` +
    stops.map((c, at) => `<stop offset="${[0, 0.45, 1][at]}" stop-color="${css(c)}"/>`).join('') +
    '</linearGradient><radialGradient id="glow"><stop offset="0" stop-color="hsl(46,96%,82%)" stop-opacity=".8"/>' +
    '<stop offset="1" stop-color="hsl(46,96%,82%)" stop-opacity="0"/></radialGradient>' +
    '<radialGradient id="shade"><stop offset="0" stop-opacity=".42"/><stop offset=".6" stop-opacity=".18"/>' +
    '<stop offset="1" stop-opacity="0"/></radialGradient>'
  );
}

/** A gradient instead of a blur, because blurs make SVG slow at 4K. */
function shadow(x: number, y: number, scale: number, floating: boolean): string {
  const [rx, ry] = floating ? [34 * scale, 5 * scale] : [62 * scale, 10 * scale];
  return `<ellipse cx="${(x + 8 * scale).toFixed(1)}" cy="${y.toFixed(1)}" rx="${rx.toFixed(1)}" ry="${ry.toFixed(1)}" fill="url(#shade)"/>`;
}
