import { describe, expect, it } from 'vitest';
import { failureFrom, failureOf } from '../upstream/failure.ts';
import { meaningOf } from '../upstream/testing/complaint.ts';
import { failures } from './failures.ts';
import { complaints } from './testing/complaints.ts';

describe('an answer that is no success', () => {
  it.each(complaints)('is read: %s', (_, answer, ...meaning) => {
    expect(meaningOf(answer, failures)).toEqual(meaning);
  });

  it('tells how long to wait', () => {
    const { detail } = failureOf(
      { status: 429, headers: { 'retry-after': '2' }, body: new Uint8Array() },
      failures,
      true,
    );
    expect(detail.retryAfterMs).toBe(2000);
  });
});

it.each([
  [{ code: 'moderation_blocked', message: 'Blocked.' }, 'content_rejected'],
  [{ code: 'internal_error', message: 'Sorry.' }, 'upstream_failed'],
  [null, 'upstream_failed'],
])('a clip that failed with %j is %s', (error, code) => {
  const failure = failureFrom(undefined, failures.read({ error }), failures, { paid: true, raw: '' });
  expect([failure.code, failure.detail.accepted]).toEqual([code, 'no']);
});

it.each([
  [500, { detail: 'Internal Server Error' }],
  [500, { error: { message: 'Internal Server Error', type: 'server_error' } }],
  [502, { error: { message: 'Bad gateway' } }],
  [500, { error: { message: 'litellm.APIConnectionError: Server disconnected after request was sent' } }],
])('a failure in words that say nothing leaves a paid call open: %i %j', (status, body) => {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const { code, detail } = failureOf({ status, headers: {}, body: bytes }, failures, true);
  expect([code, detail.accepted]).toEqual(['upstream_failed', 'maybe']);
});
