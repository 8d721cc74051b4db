import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { probe } from '../../../assets/probe.ts';
import { renderImage } from './image.ts';
import type { ImageJob } from './jobs.ts';

const job = (more: Partial<ImageJob> = {}): ImageJob => ({
  kind: 'image',
  prompt: 'a red mug on a table',
  seed: 1,
  width: 240,
  height: 160,
  format: 'png',
  sources: [],
  ...more,
});

/** Mean red, green and blue of a part of the picture. */
async function mean(image: Uint8Array, left: number, top: number, width: number, height: number) {
  const { channels } = await sharp(
    await sharp(image).removeAlpha().extract({ left, top, width, height }).png().toBuffer(),
  ).stats();
  return channels.map((channel) => channel.mean);
}

const flat = (background: string, width = 90, height = 60) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

describe('a drawn image', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('is a %s of exactly the asked size', async (format) => {
    const result = await renderImage(job({ format, width: 333, height: 121 }));
    expect(result).toMatchObject({ contentType: `image/${format}`, width: 333, height: 121 });
    expect(await probe(result.bytes)).toEqual({
      kind: 'image',
      contentType: `image/${format}`,
      width: 333,
      height: 121,
    });
  });

  test.each([
    [1, 1],
    [2304, 4096],
    [1000, 3],
  ])('can be %i × %i', async (width, height) => {
    const { bytes } = await renderImage(job({ width, height, format: 'jpeg' }));
    expect(await probe(bytes)).toMatchObject({ width, height });
  });

  test('has the same bytes for the same job, and others for another prompt or seed', async () => {
    const first = await renderImage(job());
    expect((await renderImage(job())).bytes).toEqual(first.bytes);
    expect((await renderImage(job({ seed: 2 }))).bytes).not.toEqual(first.bytes);
    expect((await renderImage(job({ prompt: 'a house' }))).bytes).not.toEqual(first.bytes);
  });

  test.each([
    ['a red mug', 0],
    ['a green mug', 1],
    ['a blue mug', 2],
  ] as const)('shows %s in its colour', async (prompt, channel) => {
    const { bytes } = await renderImage(job({ prompt }));
    const middle = await mean(bytes, 112, 95, 16, 20);
    expect(middle.indexOf(Math.max(...middle))).toBe(channel);
  });

  test('takes any text, markup and emptiness included', async () => {
    for (const prompt of [
      '',
      '</svg><script>&amp;"\'',
      '🌊'.repeat(50),
      '赤いマグカップ',
      'constructor __proto__',
    ]) {
      expect(await probe((await renderImage(job({ prompt }))).bytes)).toMatchObject({ width: 240 });
    }
  });
});

describe('an edit', () => {
  const lemon = { prompt: 'make it nicer', width: 120, height: 120 };

  test('shows its source', async () => {
    const [red, blue] = await Promise.all(
      ['#e02020', '#2020e0'].map(async (colour) =>
        renderImage(job({ ...lemon, sources: [new Uint8Array(await flat(colour))] })),
      ),
    );
    const [r, , b] = await mean(red?.bytes ?? new Uint8Array(), 30, 20, 60, 50);
    const [r2, , b2] = await mean(blue?.bytes ?? new Uint8Array(), 30, 20, 60, 50);
    expect((r ?? 0) - (b ?? 0)).toBeGreaterThan(80);
    expect((b2 ?? 0) - (r2 ?? 0)).toBeGreaterThan(80);
  });

  test('differs from its source and follows the prompt', async () => {
    const sources = [new Uint8Array(await flat('#808080', 120, 120))];
    const plain = await renderImage(job({ ...lemon, sources }));
    const other = await renderImage(job({ ...lemon, prompt: 'add a yellow bird', sources }));
    expect(plain.bytes).not.toEqual(other.bytes);
    const [r, g, b] = await mean(plain.bytes, 0, 0, 120, 120);
    expect([r, g, b].map((value) => Math.round(value ?? 0))).not.toEqual([128, 128, 128]);
  });

  test('works a second source into the upper right', async () => {
    const sources = [await flat('#303030'), await flat('#00ff00')].map((each) => new Uint8Array(each));
    const { bytes } = await renderImage(job({ ...lemon, sources }));
    const [r, g] = await mean(bytes, 90, 10, 16, 16);
    expect((g ?? 0) - (r ?? 0)).toBeGreaterThan(200);
  });

  test('refuses a source that does not decode', async () => {
    const whole = new Uint8Array(
      await sharp(await flat('#ff0000', 400, 400))
        .jpeg()
        .toBuffer(),
    );
    for (const broken of [new Uint8Array(), new Uint8Array(200).fill(7), whole.slice(0, whole.length / 2)]) {
      await expect(renderImage(job({ sources: [broken] }))).rejects.toMatchObject({
        name: 'SourceMediaError',
      });
    }
  });

  test('refuses a source of more than 50 megapixels', async () => {
    const huge = await sharp({ create: { width: 7100, height: 7100, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await expect(renderImage(job({ sources: [new Uint8Array(huge)] }))).rejects.toMatchObject({
      name: 'SourceMediaError',
    });
  });
});
