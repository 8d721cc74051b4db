import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (seq) => decodeCursor(encodeCursor(seq)) === seq),
  );
});

it.each([
  '',
  '0',
  'a',
  'zz',
  '00000',
  'zzzzz',
  '-1',
  '1.5',
  'tr_x',
  `${encodeCursor(7)}0`,
  `A${encodeCursor(7)}`,
])('refuses %j', (text) => {
  expect(() => decodeCursor(text)).toThrow('not one that a list returned');
});
