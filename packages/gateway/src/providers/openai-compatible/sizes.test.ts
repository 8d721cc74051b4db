import { describe, expect, it } from 'vitest';
import { secondsFor, sizeFor } from './sizes.ts';

describe('a size', () => {
  it.each([
    ['gpt-image-1.5', 832, 1216, '1024x1536'],
    ['gpt-image-1-mini', 2048, 2048, '1024x1024'],
    ['sora-2-pro', 1920, 1080, '1792x1024'],
    ['sora-2', 1280, 720, '1280x720'],
    ['sora-2-pro', 480, 854, '720x1280'],
    ['sora-2', 1920, 1080, '1280x720'],
    ['qwen-image', 832, 1216, '832x1216'],
  ])('of %s for %ix%i is %s', (model, width, height, size) => {
    expect(sizeFor(model, { width, height })).toBe(size);
  });

  it('is the operator’s, where there is a list', () => {
    const sizes = ['512x512', '1024x1024', '1280x720'];
    expect(sizeFor('gpt-image-1', { width: 600, height: 600 }, { sizes })).toBe('1024x1024');
    expect(sizeFor('gpt-image-1', { width: 2000, height: 2000 }, { sizes })).toBe('1024x1024');
    expect(sizeFor('gpt-image-1', { width: 1600, height: 900 }, { sizes })).toBe('1280x720');
  });

  it('keeps within what newer models of OpenAI take', () => {
    expect(sizeFor('gpt-image-2', { width: 1536, height: 864 })).toBe('1536x864');
    expect(sizeFor('gpt-image-2', { width: 3840, height: 2160 })).toBe('3840x2160');
    for (const [width, height] of [
      [64, 64],
      [256, 2048],
      [4096, 4096],
      [4096, 700],
      [1001, 1999],
      [2800, 4096],
      [640, 480],
    ] as const) {
      const [w = 0, h = 0] = sizeFor('gpt-image-2', { width, height }).split('x').map(Number);
      expect([w % 16, h % 16], `${width}x${height}`).toEqual([0, 0]);
      expect(w * h, `${w}x${h}`).toBeGreaterThanOrEqual(655_360);
      expect(w * h, `${w}x${h}`).toBeLessThanOrEqual(8_294_400);
      expect(Math.max(w, h)).toBeLessThanOrEqual(3840);
      expect(Math.max(w / h, h / w)).toBeLessThanOrEqual(3);
    }
  });
});

it('a length is the shortest that is long enough, else the longest', () => {
  expect([3, 5, 12, 15].map((asked) => secondsFor('sora-2', asked))).toEqual([4, 8, 12, 12]);
  expect(secondsFor('wan', 4.2)).toBe(5);
  expect(secondsFor('wan', 4, { seconds: [10, 5] })).toBe(5);
});
