import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { probe } from '../../../assets/probe.ts';
import { film } from './film.ts';
import type { VideoJob } from './jobs.ts';
import { renderVideo } from './video.ts';
import { emptyYuv, toYuv } from './yuv.ts';

const job = (more: Partial<VideoJob> = {}): VideoJob => ({
  kind: 'video',
  prompt: 'a boat at sunset',
  seed: 7,
  width: 160,
  height: 96,
  durationSeconds: 1,
  sound: false,
  ...more,
});

describe('a clip', () => {
  test.each([1, 5, 12.5, 7.333])('lasts exactly %d s', async (durationSeconds) => {
    const { bytes } = await renderVideo(job({ durationSeconds, sound: true }));
    expect(await probe(bytes)).toMatchObject({ durationSeconds, width: 160, height: 96, hasSound: true });
  });

  test.each([
    [10, 10],
    [25, 25],
    [60, 60],
    [undefined, 24],
  ])('asked for %s fps has %i', async (fps, expected) => {
    const result = await renderVideo(job({ durationSeconds: 1.5, ...(fps ? { fps } : {}) }));
    expect(result.fps).toBe(expected);
    expect(await probe(result.bytes)).toMatchObject({ fps: expected, durationSeconds: 1.5 });
  });

  test('has a sound track only where asked', async () => {
    const [silent, loud] = [await renderVideo(job()), await renderVideo(job({ sound: true }))];
    expect([silent.hasSound, loud.hasSound]).toEqual([false, true]);
    expect(await probe(silent.bytes)).toMatchObject({ hasSound: false, contentType: 'video/mp4' });
    expect(await probe(loud.bytes)).toMatchObject({ hasSound: true });
  });

  test('has the same bytes for the same job, whatever the thread made before', async () => {
    const first = await renderVideo(job({ sound: true }));
    await renderVideo(job({ width: 320, height: 180, seed: 3 }));
    const again = await renderVideo(job({ sound: true }));
    expect(Buffer.compare(again.bytes, first.bytes)).toBe(0);
    expect(Buffer.compare((await renderVideo(job({ sound: true, seed: 8 }))).bytes, first.bytes)).not.toBe(0);
  });

  test('rounds an odd size up, as 4:2:0 demands', async () => {
    const result = await renderVideo(job({ width: 101, height: 75 }));
    expect(result).toMatchObject({ width: 102, height: 76 });
    expect(await probe(result.bytes)).toMatchObject({ width: 102, height: 76 });
  });

  test('depends on its start image, and refuses a broken one', async () => {
    const image = (background: string) =>
      sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .jpeg()
        .toBuffer();
    const [red, blue] = await Promise.all(
      ['#f00', '#00f'].map(async (each) =>
        renderVideo(job({ startImage: new Uint8Array(await image(each)) })),
      ),
    );
    expect(red?.bytes).not.toEqual(blue?.bytes);
    await expect(renderVideo(job({ startImage: new Uint8Array([1, 2, 3]) }))).rejects.toMatchObject({
      name: 'SourceMediaError',
    });
  });
});

describe('the film', () => {
  const pixels = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * 7919) % 251);
  const behind = toYuv(pixels, 64, 48, 3);

  test('begins with the start image itself, to the last sample', () => {
    const draw = film({ behind, things: undefined }, 'zoom', 1, 5);
    expect(draw(0).bytes).toEqual(behind.bytes);
  });

  test('then moves', () => {
    const draw = film({ behind, things: undefined }, 'zoom', 1, 5);
    const early = draw(1).bytes.slice();
    expect(early).not.toEqual(behind.bytes);
    expect(draw(4).bytes).not.toEqual(early);
  });
});

test('colours become BT.709 in limited range', () => {
  const of = (r: number, g: number, b: number) => {
    const { bytes } = toYuv(Uint8Array.from([r, g, b, r, g, b, r, g, b, r, g, b]), 2, 2, 3);
    return [bytes[0], bytes[4], bytes[5]];
  };
  expect(of(0, 0, 0)).toEqual([16, 128, 128]);
  expect(of(255, 255, 255)).toEqual([235, 128, 128]);
  expect(of(255, 0, 0)).toEqual([63, 102, 240]);
  expect(emptyYuv(4, 2).bytes).toHaveLength(12);
});
