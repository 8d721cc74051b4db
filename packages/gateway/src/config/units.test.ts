import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatUsd, MAX_AMOUNT } from '../domain/money.ts';
import { parseAmount, parseDuration, parseFactor, parseSize } from './units.ts';

it.each([
  ['0ms', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['10m', 600_000],
  ['24h', 86_400_000],
  ['30d', 2_592_000_000],
  ['1.5h', undefined],
  ['10 s', undefined],
  ['-1s', undefined],
  ['10', undefined],
  ['9999999999s', undefined],
])('duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

it.each([
  ['1B', 1],
  ['10MB', 10_000_000],
  ['10MiB', 10_485_760],
  [1024, 1024],
  [1.5, undefined],
  [-1, undefined],
  ['10M', undefined],
])('size %s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

it.each([
  [1.5, 1500],
  ['1.25', 1250],
  [0.001, 1],
  [2, 2000],
  [1.0001, undefined],
  [-1, undefined],
  [Number.NaN, undefined],
])('factor %s', (written, thousandths) => expect(parseFactor(written)).toBe(thousandths));

it.each([
  ['0.06', 60_000],
  [0.1, 100_000],
  [0.000001, 1],
  [25, 25_000_000],
  [0.1 + 0.2, undefined],
  [1e21, undefined],
  ['1e3', undefined],
])('amount %s', (written, micros) => expect(parseAmount(written)).toBe(micros));

it('reads a number as exactly as a string', () => {
  // Above 1e9 dollars nothing is accepted; below, 15 digits are exact in a double.
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_AMOUNT }), (micros) => {
      const text = formatUsd(micros);
      return parseAmount(text) === micros && (micros < 10 || parseAmount(Number(text)) === micros);
    }),
  );
});
