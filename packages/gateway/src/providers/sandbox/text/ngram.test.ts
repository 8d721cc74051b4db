import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contextKey, trainNgram } from './ngram.ts';
import { parseNgram, serializeNgram } from './ngram-file.ts';

const TEXTS = ['The sea is blue. The sea is wide.', 'The sea is blue.'];

test('followers are counted, the most frequent first', () => {
  const model = trainNgram(TEXTS);
  const number = (token: string) => model.vocabulary.indexOf(token);
  const key = contextKey([number(' sea'), number(' is')], 2);
  expect(model.contexts.get(key)).toEqual([number(' blue'), 2, number(' wide'), 1]);
});

test('training further counts on top of the base, which stays as it was', () => {
  const base = trainNgram(TEXTS.slice(0, 1));
  const before = serializeNgram(base);
  expect(serializeNgram(trainNgram(TEXTS.slice(1), { base, order: 5 }))).toBe(
    serializeNgram(trainNgram(TEXTS)),
  );
  expect(serializeNgram(base)).toBe(before);
});

test('the order bounds the context', () => {
  const longest = (order: number) =>
    Math.max(...Array.from(trainNgram(TEXTS, { order }).contexts.keys(), (key) => key.split(',').length));
  expect([2, 3, 4].map(longest)).toEqual([1, 2, 3]);
});

test('a model survives being written and read', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      const written = serializeNgram(trainNgram(texts));
      expect(serializeNgram(parseNgram(written))).toBe(written);
    }),
  );
});

test.each([
  '{}',
  '[]',
  'null',
  '{"version":2,"order":3,"vocabulary":[""],"contexts":[]}',
  '{"version":1,"order":3,"vocabulary":[""],"contexts":[["0",[7,1]]]}',
  '{"version":1,"order":3,"vocabulary":[""],"contexts":[["0",[0]]]}',
  '{"version":1,"order":3,"vocabulary":[1],"contexts":[]}',
  'not JSON',
])('%s is refused', (text) => expect(() => parseNgram(text)).toThrow());

test('a training text without end is read only so far', () => {
  function* endless() {
    for (;;) yield 'Again and again the sea comes in. '.repeat(1_000);
  }
  const model = trainNgram(endless());
  const [, often = 0] = model.contexts.get(contextKey([model.vocabulary.indexOf(' sea')], 1)) ?? [];
  expect(often).toBeGreaterThan(30_000);
  expect(often).toBeLessThan(40_000);
});
