import { type Colour, css, lighter, turned } from './colour.ts';
import type { Random } from './random.ts';
import type { Light, Place } from './reading.ts';

/** `ground` and `sky` are the main colours. Things stand at `floor`, a fraction of the height. */
export type Backdrop = { svg: string; floor: number; ground: Colour; sky: Colour };

type Sky = { top: Colour; low: Colour; sun: Colour; haze: number };

const SKIES: Record<Light, Sky> = {
  day: { top: [208, 68, 56], low: [196, 62, 86], sun: [48, 96, 88], haze: 18 },
  dawn: { top: [232, 42, 68], low: [26, 76, 84], sun: [38, 96, 88], haze: 22 },
  sunset: { top: [262, 40, 36], low: [22, 88, 66], sun: [36, 98, 74], haze: 10 },
  night: { top: [234, 52, 10], low: [222, 46, 30], sun: [52, 44, 90], haze: 4 },
};

const GROUNDS: Record<Exclude<Place, 'abstract'>, Colour> = {
  hills: [128, 34, 36],
  studio: [28, 34, 58],
  sea: [204, 56, 40],
  desert: [30, 58, 56],
  snow: [210, 32, 82],
  city: [226, 22, 28],
  forest: [146, 36, 26],
  space: [256, 30, 24],
};

/** Everything behind the things, in a box of `w` × `h` units. Gradient ids are chosen so that they do not clash. */
export function backdrop(
  place: Place,
  light: Light,
  theme: Colour | undefined,
  w: number,
  h: number,
  r: Random,
) {
  if (place === 'abstract') return abstract(theme ?? [r.between(0, 360), 62, 52], w, h, r);
  if (place === 'studio') return studio(theme, w, h, r);
  return outdoors(place, light, theme, w, h, r);
}

const n = (value: number) => Math.round(value * 10) / 10;

function vertical(id: string, stops: readonly Colour[]): string {
  const step = stops.map((c, i) => `<stop offset="${n(i / (stops.length - 1))}" stop-color="${css(c)}"/>`);
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${step.join('')}</linearGradient>`;
}

function radial(id: string, colour: Colour, opacity: number): string {
  const stop = (at: number, o: number) =>
    `<stop offset="${at}" stop-color="${css(colour)}" stop-opacity="${n(o * 100) / 100}"/>`;
  return `<radialGradient id="${id}">${stop(0, opacity)}${stop(0.45, opacity * 0.35)}${stop(1, 0)}</radialGradient>`;
}

/** A smooth ridge line from edge to edge, closed at the bottom. */
function ridge(y: number, rise: number, points: number, w: number, h: number, r: Random): string {
  const step = w / points;
  let d = `M${n(-step)} ${n(y)}`;
  for (let i = 0; i <= points; i++) {
    d += `S${n((i - 0.4) * step)} ${n(y - r.between(-0.3, 1) * rise)} ${n((i + 0.35) * step)} ${n(y - r.between(-0.2, 0.7) * rise)}`;
  }
  return `${d}V${n(h)}H${n(-step)}Z`;
}

function outdoors(
  place: Exclude<Place, 'abstract' | 'studio'>,
  light: Light,
  theme: Colour | undefined,
  w: number,
  h: number,
  r: Random,
): Backdrop {
  const base = SKIES[place === 'space' ? 'night' : light];
  const shift = r.between(-14, 14);
  const tint = (c: Colour): Colour =>
    theme ? [theme[0] + shift / 2, (c[1] + theme[1]) / 2, c[2]] : turned(c, shift);
  const sky = tint(base.top);
  const low = theme ? ([theme[0] + 24, base.low[1], base.low[2]] as Colour) : turned(base.low, shift / 2);
  const dark = place === 'space' || light === 'night';
  const ground: Colour = dark
    ? [GROUNDS[place][0], GROUNDS[place][1] * 0.8, GROUNDS[place][2] * 0.42]
    : turned(GROUNDS[place], shift / 2);
  const horizon = h * r.between(0.58, 0.68);
  const sunX = n(w * r.between(0.18, 0.82));
  const sunY = n(horizon - h * r.between(0.14, 0.42));
  const size = Math.min(w, h) * (place === 'space' ? 0.16 : r.between(0.05, 0.085));
  let svg = `<defs>${vertical('sky', [sky, turned(lighter(sky, (low[2] - sky[2]) / 2), 4), low])}${radial('sun', base.sun, 0.85)}`;
  svg += `${radial('cloud', [sky[0], 30, dark ? 60 : 98], dark ? 0.16 : 0.7)}</defs><rect width="${w}" height="${h}" fill="url(#sky)"/>`;
  if (dark) svg += stars(w, horizon, r);
  svg += `<circle cx="${sunX}" cy="${sunY}" r="${n(size * 4.5)}" fill="url(#sun)"/>`;
  svg += `<circle cx="${sunX}" cy="${sunY}" r="${n(size)}" fill="${css(lighter(base.sun, place === 'space' ? -30 : 4))}"/>`;
  for (let i = 0; i < 5; i++) {
    const [x, y] = [w * r.between(0, 1), horizon * r.between(0.12, 0.7)];
    const rx = w * r.between(0.12, 0.26);
    svg += `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(h * r.between(0.02, 0.05))}" fill="url(#cloud)"/>`;
  }
  if (place === 'sea')
    return { svg: svg + sea(ground, horizon, sunX, base.sun, w, h, r), floor: 0.8, ground, sky };
  const layers = 4;
  for (let i = 0; i < layers; i++) {
    const near = i / (layers - 1);
    const y = horizon + (h - horizon) * near * 0.62;
    const colour: Colour = [
      low[0] + (ground[0] - low[0]) * Math.min(1, near * 0.5 + 0.5),
      ground[1] * (0.55 + near * 0.45),
      ground[2] + (1 - near) * base.haze,
    ];
    svg += `<defs>${vertical(`ridge${i}`, [lighter(colour, 7), lighter(colour, -7)])}</defs>`;
    if (place === 'city' && i < 3) svg += skyline(y, i, colour, dark, w, h, r);
    else if (place === 'forest' && i < 3) svg += pines(y, i, colour, w, h, r);
    else {
      const rise = h * (place === 'desert' || place === 'city' ? 0.05 : 0.17) * (1 - near * 0.75);
      svg += `<path d="${ridge(y, rise, 3 + Math.round((1 - near) * 4), w, h, r)}" fill="url(#ridge${i})"/>`;
    }
  }
  return { svg, floor: 0.88, ground, sky };
}

function stars(w: number, below: number, r: Random): string {
  let svg = '<g fill="hsl(48,60%,94%)">';
  for (let i = 0; i < 90; i++) {
    svg += `<circle cx="${n(r.between(0, w))}" cy="${n(r.between(0, below))}" r="${n(r.between(0.6, 2.4))}" opacity="${n(r.between(0.3, 1))}"/>`;
  }
  return `${svg}</g>`;
}

function sea(water: Colour, top: number, sunX: number, sun: Colour, w: number, h: number, r: Random): string {
  let svg = `<defs>${vertical('water', [lighter(water, 20), water, lighter(water, -16)])}</defs>`;
  svg += `<rect y="${n(top)}" width="${w}" height="${n(h - top)}" fill="url(#water)"/>`;
  for (let i = 0; i < 70; i++) {
    const depth = r.between(0, 1) ** 1.6;
    const glint = i % 3 !== 0;
    const x = glint ? sunX + r.between(-1, 1) * w * (0.03 + depth * 0.12) : r.between(0, w);
    const long = w * (0.015 + depth * 0.05) * r.between(0.5, 1.3);
    svg += `<ellipse cx="${n(x)}" cy="${n(top + 4 + depth * (h - top))}" rx="${n(long)}" ry="${n(1 + depth * 4)}" fill="${css(glint ? sun : lighter(water, 22))}" opacity="${glint ? 0.5 : 0.28}"/>`;
  }
  return svg;
}

function skyline(
  y: number,
  row: number,
  colour: Colour,
  lit: boolean,
  w: number,
  h: number,
  r: Random,
): string {
  let svg = '';
  for (let x = -20; x < w; ) {
    const wide = r.between(50, 110);
    const top = y - h * r.between(0.05, 0.32 - row * 0.06);
    svg += `<rect x="${n(x)}" y="${n(top)}" width="${n(wide + 1)}" height="${n(h - top)}" fill="url(#ridge${row})"/>`;
    const pane = lit ? 'hsl(44,90%,70%)' : css(lighter(colour, 22));
    for (let wy = top + 14; wy < Math.min(y + 40, h); wy += 20) {
      for (let wx = x + 10; wx < x + wide - 14; wx += 16) {
        if (r.chance(0.42))
          svg += `<rect x="${n(wx)}" y="${n(wy)}" width="7" height="10" fill="${pane}" opacity=".7"/>`;
      }
    }
    x += wide + r.between(0, 14);
  }
  return svg;
}

function pines(y: number, row: number, colour: Colour, w: number, h: number, r: Random): string {
  let svg = `<path d="${ridge(y, h * 0.03, 4, w, h, r)}" fill="url(#ridge${row})"/><g fill="${css(colour)}">`;
  for (let x = -10; x < w + 20; x += r.between(22, 60)) {
    const tall = h * r.between(0.1, 0.2) * (0.8 + row * 0.25);
    const half = n(tall * 0.24);
    svg += `<path d="M${n(x)} ${n(y - tall)}L${n(x + half)} ${n(y + 30)}H${n(x - half)}Z"/>`;
  }
  return `${svg}</g>`;
}

function studio(theme: Colour | undefined, w: number, h: number, r: Random): Backdrop {
  const hue = theme ? theme[0] + r.pick([150, 180, 210]) : r.between(0, 360);
  const wall: Colour = [hue, r.between(24, 40), r.between(66, 78)];
  const table: Colour = [hue + r.between(-20, 20), wall[1] - 6, wall[2] - 14];
  const edge = n(h * r.between(0.6, 0.68));
  const [x, y] = [n(w * r.between(0.25, 0.75)), n(h * 0.32)];
  let svg = `<defs>${vertical('wall', [lighter(wall, -6), lighter(wall, 9)])}${vertical('table', [lighter(table, 10), lighter(table, -10)])}`;
  svg += `${radial('spot', [hue + 20, 60, 96], 0.75)}</defs><rect width="${w}" height="${h}" fill="url(#wall)"/>`;
  svg += `<circle cx="${x}" cy="${y}" r="${n(Math.max(w, h) * 0.6)}" fill="url(#spot)"/>`;
  for (let i = 0; i < 3; i++) {
    const size = n(Math.min(w, h) * r.between(0.12, 0.3));
    svg += `<circle cx="${n(w * r.between(0, 1))}" cy="${n(edge - r.between(0, 0.3) * h)}" r="${size}" fill="${css(lighter(turned(wall, 24), 6))}" opacity=".35"/>`;
  }
  svg += `<rect y="${edge}" width="${w}" height="${n(h - edge)}" fill="url(#table)"/>`;
  return { svg, floor: 0.84, ground: table, sky: wall };
}

function abstract(theme: Colour, w: number, h: number, r: Random): Backdrop {
  const base: Colour = [theme[0], Math.max(theme[1], 30), Math.min(theme[2], 34)];
  let svg = `<defs>${vertical('field', [turned(lighter(base, -10), -30), base, turned(lighter(base, 22), 40)])}`;
  const waves = 7;
  for (let i = 0; i < waves; i++) {
    const c: Colour = [theme[0] + r.between(-50, 50), Math.max(theme[1], 40) + 10, 34 + (i / waves) * 40];
    svg += vertical(`wave${i}`, [lighter(c, 14), lighter(c, -16)]);
  }
  svg += `${radial('flare', [theme[0] + 40, 90, 84], 0.8)}</defs><rect width="${w}" height="${h}" fill="url(#field)"/>`;
  const [x, y] = [n(w * r.between(0.2, 0.8)), n(h * r.between(0.15, 0.45))];
  svg += `<circle cx="${x}" cy="${y}" r="${n(Math.max(w, h) * 0.5)}" fill="url(#flare)"/>`;
  for (let i = 0; i < waves; i++) {
    const at = h * (0.22 + (i / waves) * 0.75);
    svg += `<path d="${ridge(at, h * 0.22, r.pick([2, 3, 3, 4]), w, h, r)}" fill="url(#wave${i})" opacity=".72"/>`;
  }
  for (let i = 0; i < 6; i++) {
    const ring = n(Math.min(w, h) * r.between(0.02, 0.12));
    svg += `<circle cx="${n(r.between(0, w))}" cy="${n(r.between(0, h))}" r="${ring}" fill="none" stroke="hsl(${n(theme[0] + 30)},80%,90%)" stroke-width="${n(r.between(1, 5))}" opacity=".55"/>`;
  }
  return { svg, floor: 0.82, ground: base, sky: turned(base, -30) };
}
