import { canonicalCodes, getimgCatalogue } from '@genlock/contracts';
import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { jobCodeOf, renderError, tellable } from './errors.ts';

const render = (...args: ConstructorParameters<typeof GenlockError>) =>
  renderError(new GenlockError(...args), 'req_1');

describe('the catalogue', () => {
  it('has exactly eight codes, each with one status', () => {
    const responses = getimgCatalogue.rows.filter(({ told }) => told === 'response');
    expect(responses.map(({ code, status }) => `${status} ${code}`).sort()).toEqual([
      '400 invalid_parameter',
      '400 parameter_missing',
      '401 invalid_api_key',
      '402 quota_exceeded',
      '404 not_found',
      '422 content_policy_violation',
      '429 rate_limit',
      '500 server_error',
    ]);
    const known = new Set(responses.map(({ code }) => code));
    expect(getimgCatalogue.rows.every(({ code }) => known.has(code))).toBe(true);
  });

  it('lets only 429 and 500 be retried as they are', () => {
    const retried = getimgCatalogue.rows.filter(
      ({ told, retry }) => told === 'response' && (retry === 'backoff' || retry === 'after_delay'),
    );
    expect(retried.map(({ status }) => status).sort()).toEqual([429, 500]);
  });
});

describe('renderError', () => {
  it.each(canonicalCodes)('says %s in the words of the table', (code) => {
    const { status, headers, body } = render(code);
    const { error } = JSON.parse(body);
    const row = getimgCatalogue.rows.find((one) => one.code === error.code && one.status === status);
    expect(row?.canonical).toContain(code);
    expect(error).toMatchObject({ message: expect.any(String), type: 'invalid_request_error' });
    expect(error).toHaveProperty('param');
    expect('doc_url' in error).toBe([401, 402, 429].includes(status));
    expect(headers['retry-after']).toBe(status === 429 ? '5' : undefined);
  });

  it.each([
    [0, '1'],
    [1001, '2'],
    [60_000, '60'],
    [3_600_000, '60'],
  ])('tells a wait of %d ms as %s s', (retryAfterMs, seconds) => {
    expect(render('rate_limited', undefined, { retryAfterMs }).headers['retry-after']).toBe(seconds);
  });

  it('names the member at fault, the model for what is wrong with it, or nothing', () => {
    const paramOf = (...args: Parameters<typeof render>) => JSON.parse(render(...args).body).error.param;
    expect(paramOf('invalid_parameter', 'x', { param: 'duration' })).toBe('duration');
    expect(paramOf('model_paused')).toBe('model');
    expect(paramOf('malformed_request')).toBeNull();
  });

  it('does not show what the provider said', () => {
    expect(render('upstream_failed', undefined, { raw: 'secret' }).body).not.toContain('secret');
  });
});

describe('jobCodeOf', () => {
  it('has three words for a failed job', () => {
    expect(new Set(canonicalCodes.map(jobCodeOf))).toEqual(
      new Set(['content_policy_violation', 'invalid_parameter', 'server_error']),
    );
  });
});

describe('tellable', () => {
  it('are the objections that have a 500', () => {
    expect(tellable).toContain('upstream_unavailable');
    expect(tellable).not.toContain('content_rejected');
  });
});
