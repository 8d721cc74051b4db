import { describe, expect, it } from 'vitest';
import { chargeFor, quoteFor, termsOf, type Usage } from '../../domain/pricing.ts';
import { findProduct, models, products } from './products.ts';

const credits = (id: string, usage: Usage) => {
  const product = findProduct(id);
  if (product === undefined) throw new Error(id);
  return quoteFor(termsOf(product.price, usage)) / 10_000;
};

describe('products', () => {
  it('are the seven of the contract, each with a model that costs something', () => {
    expect(products.map(({ id }) => id)).toEqual([
      'kiara-image-pro',
      'kiara-vogue',
      'kiara-reference',
      'kiara-edit',
      'kiara-style',
      'kiara-dream-fast',
      'kiara-dream-fast-image',
    ]);
    expect(models.map(({ id }) => id)).toEqual(products.map(({ id }) => id));
    for (const { price, routes } of models) {
      expect(price?.usd).toBeGreaterThan(0);
      expect(routes).toHaveLength(1);
    }
  });

  it.each([
    ['kiara-image-pro', {}, 10],
    ['kiara-vogue', { dimensions: { image_quality: '2k' } }, 6],
    ['kiara-vogue', { dimensions: { image_quality: '4k' } }, 9],
    ['kiara-reference', {}, 5],
    ['kiara-edit', {}, 5],
    ['kiara-style', {}, 5],
    ['kiara-dream-fast', { seconds: 1 }, 17],
    ['kiara-dream-fast', { seconds: 5 }, 83],
    ['kiara-dream-fast-image', { seconds: 15 }, 249],
    ['kiara-dream-fast', { seconds: 5, dimensions: { resolution: '480p', audio: 'false' } }, 83],
    ['kiara-dream-fast', { seconds: 5, dimensions: { resolution: '1080p', audio: 'true' } }, 149],
  ] satisfies [string, Usage, number][])('%s %j costs %d credits', (id, usage, expected) => {
    expect(credits(id, usage)).toBe(expected);
  });

  it('charge a clip of 12 of 15 seconds with 199 of 249 credits', () => {
    const terms = termsOf(findProduct('kiara-dream-fast')?.price ?? { unit: 'call', usd: 0 }, {
      seconds: 15,
    });
    expect(chargeFor(terms, { seconds: 12 }, quoteFor(terms))).toBe(1_990_000);
  });
});
