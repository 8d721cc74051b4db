import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeliveredFacts, usageOf } from './delivery.ts';
import { chargeFor, type Price, quoteFor, termsOf } from './pricing.ts';
import type { ImageRequest, VideoRequest } from './request.ts';

const clip: VideoRequest = {
  kind: 'video',
  prompt: 'p',
  width: 1920,
  height: 1080,
  seconds: 10,
  sound: true,
  seed: 1,
};
const picture: ImageRequest = {
  kind: 'image',
  prompt: 'p',
  width: 1000,
  height: 1000,
  count: 2,
  format: 'png',
  seed: 1,
};
const perSecond: Price = {
  unit: 'second',
  usd: 100_000,
  factors: [{ dimension: 'audio', values: { true: 2000 } }],
};
const soldClip = termsOf(perSecond, { seconds: 10, dimensions: { resolution: '1080p', audio: 'true' } });
const asSold = { width: 1920, height: 1080, durationSeconds: 10, hasSound: true };
const charge = (request: VideoRequest | ImageRequest, terms: Price, facts: readonly DeliveredFacts[]) =>
  chargeFor(terms, usageOf(request, terms, facts), quoteFor(terms));

describe('the charge for a clip', () => {
  it.each([
    ['all of it', {}, 2_000_000],
    ['a shorter one', { durationSeconds: 8 }, 1_600_000],
    ['one that ends a frame early', { durationSeconds: 9.96 }, 2_000_000],
    ['a longer one', { durationSeconds: 12 }, 2_000_000],
    ['a silent one', { hasSound: false }, 1_000_000],
    ['720p where 1080p was sold', { width: 1280, height: 720 }, 888_000],
    ['a larger one', { width: 3840, height: 2160 }, 2_000_000],
    ['one that was turned', { width: 1080, height: 1920 }, 2_000_000],
    ['one rounded to blocks', { height: 1072 }, 2_000_000],
  ])('is that of %s', (_, found, micros) => {
    expect(charge(clip, soldClip, [{ ...asSold, ...found }])).toBe(micros);
  });

  it('is not brought up by one clip being longer than another', () => {
    const terms = termsOf(perSecond, { seconds: 20 });
    const found = [
      { ...asSold, durationSeconds: 15 },
      { ...asSold, durationSeconds: 5 },
    ];
    expect(charge({ ...clip, count: 2 }, terms, found)).toBe(1_500_000);
  });
});

describe('the charge for pictures', () => {
  const terms = termsOf({ unit: 'image', usd: 40_000 }, { images: 2 });
  const whole = { width: 1000, height: 1000 };

  it('counts those that came, and their pixels', () => {
    expect(charge(picture, terms, [whole, whole])).toBe(80_000);
    expect(charge(picture, terms, [whole])).toBe(40_000);
    expect(charge(picture, terms, [whole, { width: 500, height: 1000 }])).toBe(60_000);
  });

  it('counts them too where a call was sold', () => {
    const call = termsOf({ unit: 'call', usd: 100_000 }, { calls: 1 });
    expect(charge(picture, call, [whole, whole])).toBe(100_000);
    expect(charge(picture, call, [whole])).toBe(50_000);
  });

  it('is as sold where the provider was to choose the size', () => {
    const { width: _, height: __, ...free } = picture;
    expect(charge(free, terms, [{ width: 8, height: 8 }, whole])).toBe(80_000);
  });
});

it('never charges more than was quoted, and never more for less', () => {
  const facts = fc.record({
    width: fc.integer({ min: 1, max: 4000 }),
    height: fc.integer({ min: 1, max: 4000 }),
    durationSeconds: fc.double({ min: 0.01, max: 60, noNaN: true }),
    hasSound: fc.boolean(),
  });
  fc.assert(
    fc.property(facts, fc.double({ min: 0.1, max: 1, noNaN: true }), (found, part) => {
      const whole = charge(clip, soldClip, [found]);
      const less = charge(clip, soldClip, [
        { ...found, width: Math.ceil(found.width * part), durationSeconds: found.durationSeconds * part },
      ]);
      expect(whole).toBeLessThanOrEqual(quoteFor(soldClip));
      expect(less).toBeLessThanOrEqual(whole);
      expect(less).toBeGreaterThanOrEqual(0);
    }),
  );
});
