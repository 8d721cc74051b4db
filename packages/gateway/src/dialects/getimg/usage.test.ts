import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Generation } from '../../domain/generation.ts';
import { chargeFor, type Price, quoteFor, termsOf, type Usage } from '../../domain/pricing.ts';
import { specs } from './models.ts';
import { usageObject } from './usage.ts';

interface WireUsage {
  readonly total_cost: number;
  readonly billable_unit: string;
  readonly unit_price: number;
  readonly quantity: number;
}

function usageOf(kind: 'image' | 'video', price: Price, ordered: Usage, delivered: Usage): WireUsage {
  const terms = termsOf(price, ordered);
  const quote = quoteFor(terms);
  const charged = chargeFor(terms, delivered, quote);
  return usageObject({ kind, price: terms, quote, charged, delivered } as Generation) as WireUsage;
}

/** A decimal number as an exact whole number of millionths of millionths. */
function exact(value: number): bigint {
  const [whole = '0', fraction = ''] = value.toFixed(12).split('.');
  return BigInt(whole + fraction);
}

describe('usage', () => {
  it('is the sample of the contract', () => {
    const price: Price = { unit: 'second', usd: 50_000 };
    expect(usageOf('video', price, { seconds: 10 }, { seconds: 10 })).toEqual({
      total_cost: 0.5,
      billable_unit: 'video_second',
      unit_price: 0.05,
      quantity: 10,
    });
  });

  it('multiplies exactly, for every model and every length', () => {
    const films = specs.filter(({ type }) => type === 'video');
    const milliseconds = fc.integer({ min: 1, max: 12_500 });
    fc.assert(
      fc.property(
        fc.constantFrom(...films),
        fc.constantFrom('480p', '720p', '1080p'),
        fc.boolean(),
        milliseconds,
        ({ price }, resolution, sound, ms) => {
          const ordered = { seconds: 12, dimensions: { resolution, sound: String(sound) } };
          const usage = usageOf('video', price, ordered, { seconds: ms / 1000 });
          expect(exact(usage.unit_price) * exact(usage.quantity)).toBe(exact(usage.total_cost) * 10n ** 12n);
          expect(usage.quantity).toBeLessThanOrEqual(12);
        },
      ),
    );
  });

  it('holds for a price per call, too, which an operator may set', () => {
    expect(usageOf('video', { unit: 'call', usd: 300_000 }, { seconds: 5 }, { seconds: 4.2 })).toEqual({
      total_cost: 0.3,
      billable_unit: 'video_second',
      unit_price: 0.3,
      quantity: 1,
    });
  });

  it('has the price of the resolution in the price of the unit', () => {
    const price: Price = {
      unit: 'image',
      usd: 40_000,
      factors: [{ dimension: 'resolution', values: { '4K': 2000 } }],
    };
    const ordered = { images: 1, dimensions: { resolution: '4K' } };
    expect(usageOf('image', price, ordered, { images: 1 })).toMatchObject({
      total_cost: 0.08,
      unit_price: 0.08,
    });
  });
});
