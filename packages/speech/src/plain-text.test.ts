import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test.each([
  ['control bytes', 'a\u0000b\u0001c', 'a b c'],
  ['half a surrogate pair', '\ud800 hi', 'hi'],
  ['phoneme brackets', '[[[h@l@U]]', '[ [ [h@l@U]]'],
  ['soft hyphens', 'soft\u00adhyphen', 'softhyphen'],
  ['a family of emoji', '👨‍👩‍👧', '👨‍👩‍👧'],
  ['line ends', 'a\r\nb\rc', 'a\nb\nc'],
])('%s', (_what, text, plain) => expect(plainText(text)).toBe(plain));

test('nothing that eSpeak would obey is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const plain = plainText(text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
      expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|\[\[/);
      expect(plain.isWellFormed()).toBe(true);
      expect(plainText(plain)).toBe(plain);
    }),
  );
});
