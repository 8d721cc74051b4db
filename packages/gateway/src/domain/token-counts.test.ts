import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeFor, quoteFor, termsOf } from './pricing.ts';
import type { BatchRequest, TextRequest } from './request.ts';
import { believedTokens, believedUsage, mostInputTokens } from './token-counts.ts';

const text: TextRequest = {
  ...{ kind: 'text', maxTokens: 20, temperature: 1, seed: 1 },
  messages: [{ role: 'user', content: 'Tell me of the sea.' }],
};
const batch: BatchRequest = {
  kind: 'batch',
  seed: 1,
  items: ['a', 'b'].map((id) => ({ id, prompt: 'Tell me of the sea.', maxTokens: 20, temperature: 1 })),
};

describe('what a provider counts', () => {
  it('is believed as it is told where it can be true', () => {
    expect(believedUsage(text, {}, { inputTokens: 9, outputTokens: 20 })).toEqual({
      inputTokens: 9,
      outputTokens: 20,
    });
    expect(believedUsage(text, {}, {})).toEqual({});
  });

  it('is no more than was to be written, and than the text that was sent can hold with what is put around it', () => {
    const all = { inputTokens: 1e9, outputTokens: 21 };
    expect(believedUsage(text, {}, all)).toEqual({ inputTokens: mostInputTokens(text), outputTokens: 20 });
    expect(mostInputTokens(text)).toBeLessThan(200);
    expect(believedUsage(batch, {}, { inputTokens: 1e9, outputTokens: 1e9 })).toEqual({
      inputTokens: 2 * mostInputTokens(text),
      outputTokens: 40,
    });
    // A template of some tokens is plausible, although there was less text than that.
    expect(believedTokens(30, 3, () => mostInputTokens(text))).toBe(30);
  });

  it.each([
    [-5, 0],
    [Number.NaN, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [2.4, 2],
    [Number.POSITIVE_INFINITY, 20],
    [1e300, 20],
  ])('is a count, where it was %d', (told, believed) => {
    expect(believedUsage(text, {}, { outputTokens: told })).toEqual({ outputTokens: believed });
  });

  it('keeps a training within what its dataset was counted to', () => {
    const training = { kind: 'training' } as never;
    const quoted = { inputTokens: 500, outputTokens: 0 };
    expect(believedUsage(training, quoted, { inputTokens: 900, outputTokens: 3 })).toEqual(quoted);
  });

  it('can always be charged, and never for more than was quoted', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (inputTokens, outputTokens) => {
        const terms = termsOf({ unit: 'token', usd: 1_000_000 }, { inputTokens: 10, outputTokens: 20 });
        const used = believedUsage(text, terms.quoted, { inputTokens, outputTokens });
        const charge = chargeFor(terms, used, quoteFor(terms));
        expect(Number.isSafeInteger(charge) && charge >= 0 && charge <= quoteFor(terms)).toBe(true);
      }),
    );
  });
});
