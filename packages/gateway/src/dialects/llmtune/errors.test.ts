import { canonicalCodes, INSUFFICIENT_BALANCE, llmtuneCatalogue } from '@genlock/contracts';
import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { renderError, tellable } from './errors.ts';

const render = (...args: ConstructorParameters<typeof GenlockError>) =>
  renderError(new GenlockError(...args), 'req_1');

describe('renderError', () => {
  it.each(canonicalCodes)('says %s in the words of the table, flat', (code) => {
    const { status, headers, body } = render(code);
    const { error, message, ...rest } = JSON.parse(body);
    const row = llmtuneCatalogue.rows.find((one) => one.code === error && one.status === status);
    expect(row?.canonical).toContain(code);
    expect(typeof error).toBe('string');
    expect(message).toEqual(error === INSUFFICIENT_BALANCE ? undefined : expect.any(String));
    expect(rest).toEqual(status === 429 ? { retryAfter: 5 } : {});
    expect(headers['x-request-id']).toBe('req_1');
    expect(headers['retry-after']).toBe(status === 429 || status === 503 ? '5' : undefined);
    expect(headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
  });

  it('begins 402 as the vendor does', () => {
    expect(JSON.parse(render('insufficient_credits').body)).toEqual({
      error: expect.stringMatching(/^Insufficient balance/),
    });
  });

  it.each([
    ['job', 'job_not_found'],
    ['batch', 'batch_not_found'],
    ['other', 'not_found'],
  ])('names what was not found: %s', (reason, code) => {
    expect(JSON.parse(render('not_found', undefined, { reason }).body).error).toBe(code);
  });

  it.each([
    [1, 1],
    [1001, 2],
    [0, 1],
  ])('rounds a wait of %d ms up to %d s, in header and body alike', (retryAfterMs, seconds) => {
    const { headers, body } = render('rate_limited', undefined, { retryAfterMs });
    expect([headers['retry-after'], JSON.parse(body).retryAfter]).toEqual([String(seconds), seconds]);
  });

  it('does not show what the provider said', () => {
    expect(render('upstream_failed', undefined, { raw: 'secret' }).body).not.toContain('secret');
  });
});

describe('tellable', () => {
  it('are the objections that have a 502 or a 503', () => {
    expect(tellable).toContain('upstream_unavailable');
    expect(tellable).toContain('upstream_invalid_result');
    expect(tellable).not.toContain('content_rejected');
  });
});
