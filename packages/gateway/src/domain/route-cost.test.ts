import { describe, expect, it } from 'vitest';
import { type Price, termsOf } from './pricing.ts';
import type { GenerationRequest } from './request.ts';
import { isAffordable } from './route-cost.ts';

const image: GenerationRequest = { kind: 'image', prompt: '', count: 2, format: 'png', seed: 1 };
const terms = termsOf({ unit: 'image', usd: 60_000 }, { images: 2 });
const perImage = (usd: number): Price => ({ unit: 'image', usd });

describe('isAffordable', () => {
  it('takes a call that costs what was quoted, and none that costs more', () => {
    expect(isAffordable(perImage(60_000), terms, image, 1000)).toBe(true);
    expect(isAffordable(perImage(60_001), terms, image, 1000)).toBe(false);
  });

  it('takes as much more, or less, as the operator says', () => {
    expect(isAffordable(perImage(90_000), terms, image, 1500)).toBe(true);
    expect(isAffordable(perImage(31_000), terms, image, 500)).toBe(false);
  });

  it('adds up what was asked for where the price is in other units', () => {
    const video: GenerationRequest = {
      ...{ kind: 'video', prompt: '', width: 1, height: 1, sound: false, seed: 1 },
      ...{ seconds: 5, count: 2 },
    };
    const flat = termsOf({ unit: 'call', usd: 1_000_000 }, { calls: 1 });
    expect(isAffordable({ unit: 'second', usd: 100_000 }, flat, video, 1000)).toBe(true);
    expect(isAffordable({ unit: 'second', usd: 100_001 }, flat, video, 1000)).toBe(false);
    const speech: GenerationRequest = { kind: 'speech', text: 'Grüße', format: 'mp3', seed: 1 };
    const spoken = termsOf({ unit: 'call', usd: 50 }, {});
    expect(isAffordable({ unit: 'character', usd: 10 }, spoken, speech, 1000)).toBe(true);
    expect(isAffordable({ unit: 'character', usd: 11 }, spoken, speech, 1000)).toBe(false);
  });

  it('looks at the quoted dimensions', () => {
    const factors = [{ dimension: 'resolution', values: { '4k': 2000 } }];
    const large = termsOf({ unit: 'image', usd: 60_000 }, { images: 1, dimensions: { resolution: '4k' } });
    expect(isAffordable({ ...perImage(40_000), factors }, large, image, 1000)).toBe(false);
    expect(isAffordable({ ...perImage(30_000), factors }, large, image, 1000)).toBe(true);
  });

  it('does not bound a route that does not say what it costs', () => {
    expect(isAffordable(undefined, termsOf({ unit: 'call', usd: 0 }, {}), image, 0)).toBe(true);
  });
});
