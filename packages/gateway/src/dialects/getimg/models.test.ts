import { describe, expect, it } from 'vitest';
import { priceOf } from '../../domain/pricing.ts';
import { findSpec, specs } from './models.ts';

const sizes = specs.flatMap((spec) =>
  Object.entries(spec.sizes).flatMap(([resolution, shapes]) =>
    Object.entries(shapes).map(([aspect, size]) => ({ id: spec.id, resolution, aspect, ...size })),
  ),
);

describe('the model table', () => {
  it('has a default for everything that a model takes', () => {
    for (const spec of specs) {
      expect(spec.sizes[spec.resolution]?.[spec.aspectRatio], spec.id).toBeDefined();
      expect(spec.roles.length > 0).toBe(spec.maxImages > 0);
      if (spec.type === 'video') expect(spec.durations).toContain(spec.duration);
    }
  });

  it.each(sizes)('$id at $resolution $aspect has the shape of its name', ({ aspect, width, height }) => {
    const [w = 0, h = 1] = aspect.split(':').map(Number);
    expect(Math.abs(width / height / (w / h) - 1)).toBeLessThan(0.002);
    expect([width % 2, height % 2]).toEqual([0, 0]);
  });

  it('takes what is published', () => {
    expect(findSpec('seedream-5-lite', 'image')?.sizes).toMatchObject({
      '2K': { '1:1': { width: 2048, height: 2048 }, '16:9': { width: 2560, height: 1440 } },
    });
    expect(findSpec('seedream-5-lite', 'image')?.sizes).not.toHaveProperty('4K');
    expect(findSpec('seedance-v1-pro', 'video')).toMatchObject({
      sizes: { '1080p': { '16:9': { width: 1920, height: 1080 } } },
      durations: [5, 10],
    });
    const frames = findSpec('seedance-v1-5-pro', 'video');
    expect([frames?.roles, frames?.sound]).toEqual([['reference_image', 'first_frame', 'last_frame'], true]);
    expect(findSpec('seedance-v1-pro', 'image')).toBeUndefined();
  });

  it('has prices that are whole micro-dollars for every thousandth of a second', () => {
    for (const { id, price, sizes: taken } of specs) {
      for (const resolution of Object.keys(taken)) {
        for (const sound of ['true', 'false']) {
          const dimensions = { resolution, sound };
          const unit = priceOf(price, { images: 1, seconds: 1, dimensions });
          expect(unit % 1000, id).toBe(0);
          if (price.unit === 'second')
            expect(priceOf(price, { seconds: 1.001, dimensions })).toBe((unit / 1000) * 1001);
        }
      }
    }
  });
});
