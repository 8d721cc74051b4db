import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  baseModel,
  countTokens,
  generateText,
  type NgramModel,
  type TextRequest,
  trainNgram,
} from './index.ts';

const REQUEST: TextRequest = { prompt: 'Tell me about the sea', maxTokens: 300, temperature: 0.8, seed: 1 };

function write(request: Partial<TextRequest> = {}, model: NgramModel = baseModel()) {
  const pieces: string[] = [];
  const writing = generateText(model, { ...REQUEST, ...request });
  for (;;) {
    const step = writing.next();
    if (step.done) return { pieces, text: pieces.join(''), ...step.value };
    pieces.push(step.value);
  }
}

describe('the text', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(write().text).toBe(write().text);
    expect(new Set(Array.from({ length: 20 }, (_, seed) => write({ seed }).text)).size).toBe(20);
  });

  test('at temperature 0 does not depend on the seed', () => {
    expect(write({ temperature: 0, seed: 1 }).text).toBe(write({ temperature: 0, seed: 2 }).text);
  });

  test.each([
    ['Tell me about the sea', /^The sea\b/],
    ['DESCRIBE A CAMERA', /^The camera\b/],
    ['What is a violin?', /^A violin\b/],
    ['A red fox in the snow', /^A red\b/],
  ])('about %j starts with it', (prompt, start) => expect(write({ prompt }).text).toMatch(start));

  test('is a few whole sentences', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { text, finishReason } = write({ seed, maxTokens: 1_000 });
      expect(finishReason).toBe('stop');
      expect(text).toMatch(/^[A-Z].*\.$/s);
      expect(text.match(/\./g)?.length).toBeGreaterThanOrEqual(2);
      expect(text.match(/\./g)?.length).toBeLessThanOrEqual(5);
    }
  });

  test('ends at maxTokens', () => {
    for (const maxTokens of [0, 1, 7]) {
      expect(write({ maxTokens })).toMatchObject({ completionTokens: maxTokens, finishReason: 'length' });
    }
    const whole = write();
    expect(write({ maxTokens: whole.completionTokens })).toMatchObject({
      text: whole.text,
      finishReason: 'stop',
    });
  });

  test('says what a further trained model has learned', () => {
    const texts = Array.from({ length: 5 }, () => 'The zeppelin hums over the vineyards at dusk.');
    const model = trainNgram(texts, { base: baseModel() });
    expect(write({ prompt: 'zeppelin', temperature: 0 }, model).text).toMatch(/^The zeppelin hums over the/);
    expect(write({ prompt: 'zeppelin', temperature: 0 }).text).not.toContain('zeppelin');
  });

  test('of a model that has learned nothing is empty', () => {
    expect(write({}, trainNgram([]))).toMatchObject({ text: '', completionTokens: 0, finishReason: 'stop' });
  });
});

describe('stop texts', () => {
  const whole = write().text;

  test('cut the text before the first of them, also across pieces and inside words', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 40 }), (from, length) => {
        const stop = whole.slice(from, from + length);
        const result = write({ stop: ['not in the text', '', stop] });
        expect(result.text).toBe(whole.slice(0, whole.indexOf(stop)));
        expect(result.finishReason).toBe('stop');
        expect(result.completionTokens).toBe(countTokens(result.text));
        expect(result.pieces).toHaveLength(result.completionTokens);
      }),
    );
  });

  test('that never come change nothing, even when the text almost has them', () => {
    expect(write({ stop: [`${whole}!`, `${whole.slice(3, 20)}#`] }).text).toBe(whole);
  });
});

test('the counts are those of the text, whatever was learned and asked', () => {
  const words = fc.string({ unit: fc.constantFrom(..."ab' .,-\n“”(é😀".split(/(?:)/u)), maxLength: 60 });
  const request = fc.record({
    prompt: fc.string({ unit: 'binary' }),
    maxTokens: fc.nat(80),
    temperature: fc.constantFrom(0, 0.5, 1, 3),
    seed: fc.integer(),
    stop: fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '\ude00'), maxLength: 3 }), {
      maxLength: 2,
    }),
  });
  fc.assert(
    fc.property(fc.array(words, { maxLength: 5 }), request, (texts, asked) => {
      const result = write(asked, trainNgram(texts));
      expect(result.promptTokens).toBe(countTokens(asked.prompt));
      expect(result.completionTokens).toBe(countTokens(result.text));
      expect(result.pieces).toHaveLength(result.completionTokens);
      expect(result.completionTokens).toBeLessThanOrEqual(asked.maxTokens);
      expect(result.text.isWellFormed()).toBe(true);
      for (const stop of asked.stop) {
        if (stop !== '' && stop.isWellFormed()) expect(result.text).not.toContain(stop);
      }
    }),
    { numRuns: 500 },
  );
});

test('a huge prompt and huge stop texts are read in one pass', () => {
  const started = performance.now();
  const prompt = 'the sea and the light '.repeat(180_000);
  expect(write({ prompt, stop: [prompt, 'The '.repeat(1_000_000)] }).text).toMatch(/^The sea/);
  expect(performance.now() - started).toBeLessThan(5_000);
});
