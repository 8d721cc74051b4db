import { describe, expect, it } from 'vitest';
import { ASPECTS, IMAGE_QUALITIES, RESOLUTIONS } from './create-body.ts';
import { filmSize, imageSize } from './sizes.ts';

describe('sizes', () => {
  it('are those of the sample for portraits of the default product', () => {
    expect(imageSize('kiara-image-pro', 'portrait', '2k')).toEqual({ width: 832, height: 1216 });
  });

  it('follow the source where the contract keeps its size', () => {
    expect(imageSize('kiara-edit', 'portrait', '2k')).toBeUndefined();
    expect(imageSize('kiara-style', 'square', '2k')).toBeUndefined();
  });

  it.each([
    ['2k', 2048],
    ['4k', 4096],
  ] as const)('have a long side of %s', (quality, side) => {
    for (const aspect of ASPECTS) {
      const { width, height } = imageSize('kiara-vogue', aspect, quality) ?? { width: 0, height: 0 };
      expect(Math.max(width, height)).toBe(side);
    }
  });

  it('finish references at 4K', () => {
    expect(imageSize('kiara-reference', 'portrait', '2k')).toEqual({ width: 2800, height: 4096 });
  });

  it('are even for films, with the named short side, and turned as asked', () => {
    for (const resolution of RESOLUTIONS) {
      for (const aspect of ASPECTS) {
        const { width, height } = filmSize(aspect, resolution);
        expect([width % 2, height % 2, Math.min(width, height)]).toEqual([
          0,
          0,
          Number.parseInt(resolution, 10),
        ]);
        expect(Math.sign(width - height)).toBe({ portrait: -1, landscape: 1, square: 0 }[aspect]);
      }
    }
  });

  it('stay within what can be rendered', () => {
    for (const quality of IMAGE_QUALITIES) {
      for (const aspect of ASPECTS) {
        const { width, height } = imageSize('kiara-vogue', aspect, quality) ?? { width: 0, height: 0 };
        expect(width * height).toBeLessThan(20_000_000);
      }
    }
  });
});
