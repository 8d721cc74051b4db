import { expect, it } from 'vitest';
import { newAccount, newKey } from '../conformance/fixtures.ts';
import { KeyCache } from './key-cache.ts';

const found = { key: newKey(), account: newAccount() };

it('asks for the revision at most every 50 ms, and forgets everything when it has moved', () => {
  let [now, revision, checks, loads] = [0, 1, 0, 0];
  const cache = new KeyCache(
    () => {
      checks += 1;
      return revision;
    },
    () => now,
  );
  const get = () =>
    cache.get('hash', () => {
      loads += 1;
      return found;
    });
  for (now = 0; now < 50; now++) expect(get()).toBe(found);
  expect([checks, loads]).toEqual([1, 1]);
  get();
  expect([checks, loads]).toEqual([2, 1]);
  revision = 2;
  now = 99;
  get();
  expect([checks, loads]).toEqual([2, 1]);
  now = 100;
  get();
  expect([checks, loads]).toEqual([3, 2]);
  cache.clear();
  get();
  expect([checks, loads]).toEqual([3, 3]);
});

it('keeps nothing for a hash that nobody has', () => {
  const cache = new KeyCache(() => 1);
  expect(cache.get('hash', () => undefined)).toBeUndefined();
  expect(cache.get('hash', () => found)).toBe(found);
});
