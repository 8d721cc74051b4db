import { expect, it } from 'vitest';
import { mergeLimits } from './merge-limits.ts';

it('changes what is named and leaves the rest', () => {
  const current = { requests_per_minute: 60, concurrent: 3 };
  expect(mergeLimits(current, { concurrent: 5, unfinished_jobs: 0 })).toEqual({
    requests_per_minute: 60,
    concurrent: 5,
    unfinished_jobs: 0,
  });
});

it('takes one limit back with null, and all with one null', () => {
  const current = { requests_per_minute: 60, concurrent: 3 };
  expect(mergeLimits(current, { concurrent: null })).toEqual({ requests_per_minute: 60 });
  expect(mergeLimits(current, null)).toEqual({});
  expect(current).toEqual({ requests_per_minute: 60, concurrent: 3 });
});
