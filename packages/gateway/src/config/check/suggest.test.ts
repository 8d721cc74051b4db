import { expect, it } from 'vitest';
import { closest, hint } from './suggest.ts';

it.each([
  ['limts', 'limits'],
  ['lmiits', 'limits'],
  ['LIMITS', 'limits'],
  ['asset-ttl', 'asset_ttl'],
  ['colour', undefined],
])('%s means %s', (written, meant) => {
  expect(closest(written, ['limits', 'asset_ttl', 'packs'])).toBe(meant);
});

it('lists what there is where nothing is near, and not too much of it', () => {
  expect(hint('x', ['one', 'two'])).toBe('; there is one, two');
  expect(hint('x', [])).toBe('; there is none');
  expect(
    hint(
      'zz',
      Array.from({ length: 15 }, (_, i) => `name-${i}`),
    ),
  ).toMatch(/name-11, and 3 more$/);
});
