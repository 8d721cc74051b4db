import { canonicalCodes, canonicalErrors } from '@genlock/contracts';
import { describe, expect, it } from 'vitest';
import { failureIn, faultOf } from './failures.ts';

const answer = (status: number, body: unknown, headers = {}) => ({
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const problem = (code: string, status: number) => answer(status, { code, title: 'No.', detail: 'No.' });

describe('an error of an upstream that speaks a contract', () => {
  it.each([
    ['native', problem('unauthenticated', 401), 'model_misconfigured', 'no', true],
    ['native', problem('insufficient_credits', 402), 'model_misconfigured', 'no', true],
    ['native', problem('invalid_parameter', 422), 'model_misconfigured', 'no', undefined],
    ['native', problem('rate_limited', 429), 'upstream_rate_limited', 'no', undefined],
    ['native', problem('model_paused', 409), 'upstream_unavailable', 'no', undefined],
    ['native', problem('content_rejected', 422), 'content_rejected', 'no', undefined],
    ['native', problem('storage_unavailable', 503), 'upstream_unavailable', 'no', undefined],
    ['native', problem('idempotency_conflict', 409), 'outcome_unknown', 'yes', undefined],
    ['native', answer(502, '<html>'), 'upstream_failed', 'maybe', undefined],
    ['native', answer(302, ''), 'model_misconfigured', 'maybe', true],
    ['native', answer(308, ''), 'model_misconfigured', 'no', true],
    ['native', answer(404, '<html>'), 'model_misconfigured', 'no', true],
    ['kiara', answer(402, { error: { code: 'insufficient_balance' } }), 'model_misconfigured', 'no', true],
    ['kiara', answer(429, { error: { code: 'queue_full' } }), 'upstream_rate_limited', 'no', undefined],
    ['kiara', answer(409, { error: { code: 'product_paused' } }), 'upstream_unavailable', 'no', undefined],
    ['kiara', answer(502, { error: { code: 'service_unavailable' } }), 'upstream_failed', 'no', undefined],
    ['kiara', answer(400, { error: { code: 'image_too_large' } }), 'media_too_large', 'no', undefined],
    ['getimg', answer(402, { error: { code: 'quota_exceeded' } }), 'model_misconfigured', 'no', true],
    [
      'getimg',
      answer(422, { error: { code: 'content_policy_violation' } }),
      'content_rejected',
      'no',
      undefined,
    ],
    ['getimg', answer(500, { error: { code: 'server_error' } }), 'upstream_failed', 'maybe', undefined],
    [
      'skills-video',
      answer(402, { code: 'VIDEO_GENERATION_INSUFFICIENT_CREDITS' }),
      'model_misconfigured',
      'no',
      true,
    ],
    [
      'skills-video',
      answer(503, { code: 'IMAGE_GENERATION_PROVIDER_UNAVAILABLE' }),
      'upstream_unavailable',
      'no',
      undefined,
    ],
    ['skills-video', answer(502, { code: 'IMAGE_GENERATION_FAILED' }), 'upstream_failed', 'maybe', undefined],
    [
      'skytells',
      answer(401, { error: { error_id: 'ACCOUNT_SUSPENDED' } }),
      'model_misconfigured',
      'no',
      true,
    ],
    [
      'skytells',
      answer(503, { error: { error_id: 'PREDICTION_ERROR' } }),
      'upstream_unavailable',
      'no',
      undefined,
    ],
    ['skytells', answer(422, { error: { error_id: 'INVALID_INPUT' } }), 'invalid_media', 'no', undefined],
    ['llmtune', answer(402, { error: 'Insufficient balance. Top up.' }), 'model_misconfigured', 'no', true],
    ['llmtune', answer(429, { error: 'rate_limit_exceeded' }), 'upstream_rate_limited', 'no', undefined],
    ['llmtune', answer(404, { error: 'model_not_found' }), 'model_misconfigured', 'no', true],
  ] as const)('%s %j is %s here, taken on: %s', (dialect, told, code, accepted, routeDown) => {
    const { detail, ...error } = faultOf(dialect, told, true);
    expect([error.code, detail.accepted, detail.routeDown]).toEqual([code, accepted, routeDown]);
  });

  it('that answers no order leaves nothing open', () => {
    expect(faultOf('native', answer(502, '<html>'), false).detail.accepted).toBe('no');
  });

  it('asks to wait as long as it says', () => {
    const { detail } = faultOf('native', answer(429, { code: 'rate_limited' }, { 'retry-after': '7' }), true);
    expect(detail.retryAfterMs).toBe(7_000);
  });

  it('is never the fault of the caller here, but for what people wrote and brought', () => {
    const theirs = canonicalCodes.filter((code) => {
      const { code: here } = faultOf('native', problem(code, 400), true);
      return canonicalErrors[here].blame === 'caller';
    });
    expect(theirs).toEqual([
      'invalid_media',
      'media_too_large',
      'media_unreadable',
      'media_too_short',
      'content_rejected',
    ]);
  });
});

describe('a job that failed', () => {
  const job = (code: string, charged = '0') => ({
    id: 'gen_1',
    status: 'failed',
    error: { code, message: 'No.' },
    cost: { charged_usd: charged },
  });

  it('is the end of it, and costs what it says', () => {
    expect(failureIn('native', job('upstream_failed'))).toMatchObject({
      code: 'upstream_failed',
      detail: { accepted: 'no' },
    });
    expect(failureIn('native', job('upstream_failed', '0.1'))?.detail.accepted).toBe('yes');
    expect(failureIn('native', job('outcome_unknown'))).toMatchObject({
      code: 'outcome_unknown',
      detail: { accepted: 'yes' },
    });
    expect(failureIn('native', { id: 'gen_1', status: 'running' })).toBeUndefined();
  });
});
