import { describe, expect, it } from 'vitest';
import { bearerToken } from './bearer.ts';

describe('bearerToken', () => {
  it.each([
    ['Bearer kiara_live_abc', 'kiara_live_abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc==', 'abc=='],
  ])('reads %j', (header, token) => expect(bearerToken(header)).toBe(token));

  it.each([undefined, '', 'Bearer', 'Bearer ', 'abc', 'Basic abc', 'Bearer a b', 'Bearer ä', 'Bearerabc'])(
    'finds none in %j',
    (header) => expect(bearerToken(header)).toBeUndefined(),
  );
});
