import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countTokens, tokens } from './tokens.ts';

test.each([
  ['The sea, the sea!', ['The', ' sea', ',', ' the', ' sea', '!']],
  ["don't  stop\n", ["don't", ' ', ' stop', '\n']],
  ['a'.repeat(20), ['a'.repeat(16), 'aaaa']],
  ['Ça va 😀', ['Ça', ' va', ' 😀']],
  ['', []],
])('%j', (text, expected) => expect([...tokens(text)]).toEqual(expected));

test('tokens joined are the text, and the count is theirs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parts = [...tokens(text)];
      expect(parts.join('')).toBe(text);
      expect(countTokens(text)).toBe(parts.length);
    }),
  );
});

test.each(['a', ' ', '.', '\n', "' ", '\ud800'])('4 MB of %j are counted in one pass', (unit) => {
  const started = performance.now();
  expect(countTokens(unit.repeat(4_000_000 / unit.length))).toBeGreaterThan(200_000);
  expect(performance.now() - started).toBeLessThan(5_000); // 0.05–0.4 s here; quadratic would be hours
});
