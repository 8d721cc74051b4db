import { describe, expect, it } from 'vitest';
import { parseRange } from './byte-range.ts';

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=2-5', 2, 5],
    ['bytes=2-', 2, 9],
    ['bytes=-3', 7, 9],
    ['bytes=-100', 0, 9],
    ['bytes=0-100', 0, 9],
    ['Bytes= 9-9 ', 9, 9],
  ])('%s of 10 bytes', (header, start, end) => expect(parseRange(header, 10)).toEqual({ start, end }));

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=a-b',
    'items=0-1',
    'bytes=0-1,3-4',
    'bytes=--1',
  ])('ignores %j', (header) => expect(parseRange(header, 10)).toBeUndefined());

  it.each([
    ['bytes=10-', 10],
    ['bytes=99999999999999-', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-1', 0],
  ])('%s of %d bytes cannot be met', (header, size) =>
    expect(parseRange(header, size)).toBe('unsatisfiable'),
  );
});
