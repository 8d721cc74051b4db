import { describe, expect, it } from 'vitest';
import { type FailureTable, failureOf } from './failure.ts';

const table: FailureTable = {
  read: (body) => {
    const error = (body as { error?: { code?: string; message?: string } } | undefined)?.error;
    return error && { code: error.code ?? '', message: error.message ?? '' };
  },
  rules: [
    { code: /^insufficient_quota$/, is: 'model_misconfigured' },
    { status: 400, message: /safety/, is: 'content_rejected' },
  ],
};

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
});
const told = (status: number, body: unknown, headers?: Record<string, string>, paid = true) => {
  const { code, detail } = failureOf(answer(status, body, headers), table, paid);
  return [code, detail.accepted, detail.retryAfterMs];
};

describe('an answer that is no success', () => {
  it('is read by the upstream’s own words first', () => {
    expect(told(429, { error: { code: 'insufficient_quota' } })).toEqual([
      'model_misconfigured',
      'no',
      undefined,
    ]);
    expect(told(400, { error: { message: 'refused by safety' } })).toEqual([
      'content_rejected',
      'no',
      undefined,
    ]);
  });

  it('blames our key, our bill and our request on the operator', () => {
    for (const status of [301, 400, 401, 402, 403, 404, 422])
      expect(told(status, { error: {} })[0]).toBe('model_misconfigured');
  });

  it('tells a wait, as seconds or as milliseconds', () => {
    expect(told(429, '', { 'retry-after': '3' })).toEqual(['upstream_rate_limited', 'no', 3000]);
    expect(told(429, '', { 'retry-after': '3', 'retry-after-ms': '250' })).toEqual([
      'upstream_rate_limited',
      'no',
      250,
    ]);
  });

  it('leaves open whether a paid call is being worked on when somebody in between answered', () => {
    expect(told(502, '<html>Bad gateway</html>')).toEqual(['upstream_failed', 'maybe', undefined]);
    expect(told(504, '')).toEqual(['upstream_timeout', 'maybe', undefined]);
    expect(told(500, { error: { message: 'we failed' } })).toEqual(['upstream_failed', 'no', undefined]);
    expect(told(502, '<html>', {}, false)).toEqual(['upstream_failed', 'no', undefined]);
  });

  it('believes nobody in between that nothing was done because he names a time, unless he refuses', () => {
    for (const status of [500, 502, 520])
      expect(told(status, '<html>', { 'retry-after': '60' })[1], String(status)).toBe('maybe');
    expect(told(503, '<html>', { 'retry-after': '1' })).toEqual(['upstream_unavailable', 'no', 1000]);
  });

  it('leaves open what became of a paid call that was answered with another success than is due', () => {
    expect(told(202, { id: 'later' })).toEqual(['upstream_failed', 'maybe', undefined]);
    expect(told(202, '', {}, false)[1]).toBe('no');
  });

  it('leaves open what became of a paid call that was answered with a redirect to look elsewhere', () => {
    for (const status of [302, 303])
      for (const body of ['<html>', { error: { message: 'see there' } }])
        expect(told(status, body), String(status)).toEqual(['model_misconfigured', 'maybe', undefined]);
    for (const status of [301, 307, 308]) expect(told(status, '')[1], String(status)).toBe('no');
    expect(told(303, '', {}, false)[1]).toBe('no');
  });
});
