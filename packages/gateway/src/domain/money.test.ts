import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfUp, formatUsd, MAX_AMOUNT, parseUsd } from './money.ts';

describe('usd strings', () => {
  it('round-trip exactly', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: MAX_AMOUNT }), (n) => parseUsd(formatUsd(n)) === n));
  });

  it.each([
    ['25.00', 25_000_000],
    ['0', 0],
    ['0.1', 100_000],
    ['0.000001', 1],
    ['1000000000', MAX_AMOUNT],
  ])('reads %s', (text, amount) => expect(parseUsd(text)).toBe(amount));

  it.each([
    '',
    '-1',
    '+1',
    '1.',
    '.5',
    '1.0000001',
    '1e3',
    ' 1',
    '01',
    '1,0',
    'NaN',
    '1000000001',
    5,
    null,
    undefined,
  ])('refuses %j', (text) => expect(parseUsd(text)).toBeUndefined());

  it.each([
    [0, '0'],
    [25_000_000, '25'],
    [100_000, '0.1'],
    [-1, '-0.000001'],
    [1_500_000, '1.5'],
  ])('renders %d as %s', (amount, text) => expect(formatUsd(amount)).toBe(text));
});

describe('divideHalfUp', () => {
  it('never differs from the true quotient by more than a half, and rounds halves up', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 6n }), (n, d) => {
        const error = BigInt(divideHalfUp(n, d)) * d - n;
        return error * 2n <= d && error * 2n > -d;
      }),
    );
  });
});
