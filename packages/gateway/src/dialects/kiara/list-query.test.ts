import { describe, expect, it } from 'vitest';
import { readListQuery } from './list-query.ts';

describe('readListQuery', () => {
  it('has defaults', () => {
    expect(readListQuery({})).toEqual({ limit: 20, filter: {} });
  });

  it('reads all it knows and ignores the rest', () => {
    const query = { limit: '100', cursor: 'abc', status: 'processing', product: 'kiara-edit', x: '1' };
    expect(readListQuery(query)).toEqual({
      limit: 100,
      cursor: 'abc',
      filter: { status: 'running', model: 'kiara-edit' },
    });
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '-1' },
    { limit: '1.0' },
    { limit: '1e1' },
    { limit: '' },
    { limit: ['1', '2'] },
    { cursor: '' },
    { cursor: 'x'.repeat(513) },
    { status: 'running' },
    { status: 'toString' },
    { product: 'kiara-nope' },
  ])('refuses %j', (query) => {
    expect(() => readListQuery(query)).toThrow(new RegExp(Object.keys(query)[0] ?? ''));
  });
});
