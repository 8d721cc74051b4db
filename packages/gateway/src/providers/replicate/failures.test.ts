import { describe, expect, it } from 'vitest';
import { failureFrom, failureOf } from '../upstream/failure.ts';
import { meaningOf } from '../upstream/testing/complaint.ts';
import { failures } from './failures.ts';
import { complaints, failed } from './testing/replies.ts';

const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers,
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
});

describe('an answer that is no success', () => {
  it.each(complaints)('is read: %s', (_, answer, ...meaning) => {
    expect(meaningOf(answer, failures)).toEqual(meaning);
  });

  it.each([
    [{ detail: 'Request was throttled. Expected available in 1 second.' }, {}, 1_000],
    [{ detail: 'Request was throttled. Your rate limit resets in ~30s.' }, {}, 30_000],
    [{ detail: 'Request was throttled.', retry_after: 4 }, {}, 4_000],
    [{ detail: 'Expected available in 9 seconds.' }, { 'retry-after': '2' }, 2_000],
    [{ detail: 'Request was throttled.' }, {}, undefined],
  ])('tells a wait wherever it stands: %j', (body, headers, wait) => {
    expect(failureOf(answer(429, body, headers), failures, true).detail.retryAfterMs).toBe(wait);
  });
});

describe('a prediction that failed', () => {
  it.each(failed)('is read: %s', (error, code) => {
    const read = failureFrom(undefined, failures.read({ error }), failures, { paid: true, raw: error });
    expect([read.code, read.detail.accepted]).toEqual([code, 'no']);
  });
});
