import { expect, it } from 'vitest';
import { frameFor, seedFor } from './fit.ts';

const ASPECTS = ['1:1', '16:9', '9:16', '3:2'];

it.each([
  [1280, 720, ['480p', '720p', '1080p'], '16:9', '720p'],
  [720, 1280, ['480p', '720p', '1080p'], '9:16', '720p'],
  [854, 480, ['480p', '720p', '1080p'], '16:9', '480p'],
  [900, 600, ['480p', '720p'], '3:2', '720p'],
  [3000, 3000, ['480p', '720p'], '1:1', '720p'],
  [1024, 1024, ['1K', '2K', '4K'], '1:1', '1K'],
  [2048, 1152, ['1K', '2K', '4K'], '16:9', '2K'],
])('a size of %d x %d is %s of %s', (width, height, resolutions, aspect, resolution) => {
  expect(frameFor({ width, height }, ASPECTS, resolutions)).toEqual({ aspect, resolution });
});

it('a seed is one that contracts know', () => {
  expect([7, -1, 2 ** 32, 2 ** 53 - 1].map(seedFor)).toEqual([7, 4_294_967_295, 0, 4_294_967_295]);
});
