import type { OverlayOptions, Sharp } from 'sharp';
import { rgb } from './colour.ts';
import { coverFit, sharp } from './pixels.ts';
import { random } from './random.ts';
import type { Scene } from './scene.ts';

/** The most further sources that are shown. The contracts allow more, but a picture has only four corners. */
const MOST_INSETS = 4;

/**
 * An edit that shows that it received its inputs: the first source fills the frame, tinted with the colour of the prompt and lit by the
 * prompt's scene, and the things that the prompt names stand in it. The other sources hang in the corners.
 */
export async function editSources(
  sources: readonly Uint8Array[],
  view: Scene,
  seed: number,
  width: number,
  height: number,
): Promise<Sharp> {
  const [first, ...others] = sources;
  if (!first) throw new Error('an edit needs a source');
  const raw = { width, height, channels: 3 } as const;
  const base = await coverFit(first, width, height);
  const veil = await sharp(Buffer.from(view.behind))
    .removeAlpha()
    .ensureAlpha(0.22)
    .png({ compressionLevel: 0 })
    .toBuffer();
  const layers: OverlayOptions[] = [{ input: veil, blend: 'over' }];
  if (view.things) layers.push(await corner(view.things, width, height));
  layers.push(
    ...(await Promise.all(others.slice(0, MOST_INSETS).map((each, i) => inset(each, i, width, height)))),
  );
  const [r, g, b] = rgb(view.tint);
  const warmth = random('edit', seed).between(0.1, 0.16);
  const gain = [r, g, b].map((channel) => 1 + (channel - 0.5) * warmth * 2);
  const graded = await sharp(base, { raw }).linear(gain, [0, 0, 0]).raw().toBuffer();
  return sharp(graded, { raw }).composite(layers).removeAlpha();
}

/** The things that the prompt adds stand small in the lower left, so that the source's own subject stays visible. */
async function corner(things: string, width: number, height: number): Promise<OverlayOptions> {
  const [w, h] = [Math.max(1, Math.round(width * 0.55)), Math.max(1, Math.round(height * 0.55))];
  const input = await sharp(Buffer.from(things))
    .resize(w, h, { fit: 'fill' })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return { input, left: 0, top: height - h };
}

/** A framed picture in a corner: top right, top left, bottom right, bottom left. */
async function inset(source: Uint8Array, i: number, width: number, height: number): Promise<OverlayOptions> {
  const side = Math.max(1, Math.round(Math.min(width, height) * 0.28));
  const rim = Math.max(0, Math.round(side * 0.035));
  const inner = Math.max(1, side - 2 * rim);
  const margin = Math.round(Math.min(width, height) * 0.04);
  const picture = await coverFit(source, inner, inner);
  const input = await sharp(picture, { raw: { width: inner, height: inner, channels: 3 } })
    .extend({ top: rim, bottom: rim, left: rim, right: rim, background: '#ffffff' })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const size = inner + 2 * rim;
  return {
    input,
    left: Math.max(0, i % 2 === 0 ? width - size - margin : margin),
    top: Math.max(0, i < 2 ? margin : height - size - margin),
  };
}
