import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeFor, type Price, priceOf, quoteFor, termsOf } from './pricing.ts';

const clip: Price = {
  unit: 'second',
  usd: 166_000,
  roundTo: 10_000,
  factors: [
    { dimension: 'resolution', values: { '1080p': 1500 } },
    { dimension: 'audio', values: { true: 1250 } },
  ],
};

describe('priceOf', () => {
  it.each([
    [1, 170_000],
    [5, 830_000],
    [12, 1_990_000],
    [15, 2_490_000],
  ])('%d seconds of a clip at 16.6 credits a second', (seconds, usd) =>
    expect(priceOf(clip, { seconds })).toBe(usd),
  );

  it('multiplies the factors that apply and ignores values that have none', () => {
    expect(priceOf(clip, { seconds: 5, dimensions: { resolution: '720p', audio: 'false' } })).toBe(830_000);
    expect(priceOf(clip, { seconds: 5, dimensions: { resolution: '1080p', audio: 'true' } })).toBe(1_560_000);
  });

  it('counts calls, images, characters and tokens', () => {
    expect(priceOf({ unit: 'call', usd: 100_000 }, {})).toBe(100_000);
    expect(priceOf({ unit: 'image', usd: 40_000 }, { images: 4 })).toBe(160_000);
    expect(priceOf({ unit: 'character', usd: 30 }, { characters: 1001 })).toBe(30_030);
    expect(
      priceOf({ unit: 'token', usd: 600_000, outputUsd: 1_200_000 }, { inputTokens: 10, outputTokens: 5 }),
    ).toBe(12);
  });

  it('rounds once, half up', () => {
    expect(priceOf({ unit: 'token', usd: 500_000 }, { inputTokens: 1, outputTokens: 0 })).toBe(1);
    expect(priceOf({ unit: 'token', usd: 499_999 }, { inputTokens: 1, outputTokens: 0 })).toBe(0);
  });

  it('refuses to overflow', () => {
    expect(() => priceOf({ unit: 'call', usd: 10 ** 15 }, { calls: 1000 })).toThrow(RangeError);
  });
});

describe('a sale', () => {
  it('is none where the work is not counted in the unit of its price', () => {
    const refused = expect.objectContaining({ code: 'model_not_billable' });
    const asked = { second: { images: 1 }, character: { seconds: 5 }, token: { calls: 1, characters: 9 } };
    for (const unit of ['second', 'character', 'token'] as const) {
      expect(() => quoteFor(termsOf({ unit, usd: 100_000 }, asked[unit]))).toThrow(refused);
      expect(() => quoteFor({ unit, usd: 100_000 })).toThrow(refused);
    }
  });

  it('of what is given away costs nothing, whatever the price is for', () => {
    expect(quoteFor(termsOf(clip, { calls: 0, characters: 0 }))).toBe(0);
  });

  it('charges what was delivered on the terms of the quote', () => {
    const terms = termsOf(clip, { seconds: 15, dimensions: { resolution: '1080p' } });
    expect(quoteFor(terms)).toBe(3_740_000);
    expect(chargeFor(terms, { seconds: 12 }, quoteFor(terms))).toBe(2_990_000);
    expect(chargeFor(terms, {}, quoteFor(terms))).toBe(3_740_000);
  });

  it('never charges above the quote, and never less for more', () => {
    const seconds = fc.integer({ min: 0, max: 60_000 }).map((ms) => ms / 1000);
    fc.assert(
      fc.property(seconds, seconds, seconds, (asked, a, b) => {
        const terms = termsOf(clip, { seconds: asked });
        const quote = quoteFor(terms);
        const low = chargeFor(terms, { seconds: Math.min(a, b) }, quote);
        const high = chargeFor(terms, { seconds: Math.max(a, b) }, quote);
        return low <= high && high <= quote;
      }),
    );
  });
});
