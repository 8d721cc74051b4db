import { canonicalCodes, kiaraCatalogue } from '@genlock/contracts';
import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { renderError, tellable } from './errors.ts';

const render = (...args: ConstructorParameters<typeof GenlockError>) =>
  renderError(new GenlockError(...args), 'req_1');

describe('renderError', () => {
  it.each(canonicalCodes)('says %s in the words of the table', (code) => {
    const { status, headers, body } = render(code);
    const { error } = JSON.parse(body);
    const row = kiaraCatalogue.rows.find((one) => one.code === error.code && one.status === status);
    expect(row?.canonical).toContain(code);
    expect(error).toEqual({ code: row?.code, message: expect.any(String), request_id: 'req_1' });
    expect(headers['x-request-id']).toBe('req_1');
    expect(headers['retry-after']).toBe(status === 429 || status === 503 ? '5' : undefined);
    expect(headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
  });

  it('names the field at fault', () => {
    const { body } = render('invalid_parameter', 'seed must be an integer.', { param: 'seed' });
    expect(JSON.parse(body).error.field).toBe('seed');
  });

  it('gives the reason that old clients know, and no other', () => {
    expect(render('invalid_state', undefined, { reason: 'not_cancelable' }).body).toContain(
      '"reason":"not_cancelable"',
    );
    expect(render('queue_full', undefined, { reason: 'concurrency' }).body).not.toContain('reason');
  });

  it.each([
    [1, '1'],
    [1000, '1'],
    [1001, '2'],
    [0, '1'],
  ])('rounds a wait of %d ms up to %s s', (retryAfterMs, seconds) => {
    expect(render('rate_limited', undefined, { retryAfterMs }).headers['retry-after']).toBe(seconds);
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
