import { describe, expect, it } from 'vitest';
import { failureOf } from '../upstream/failure.ts';
import { failures } from './failures.ts';

const read = (status: number, body: unknown, paid = true) => {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const { code, detail } = failureOf({ status, headers: {}, body: bytes }, failures, paid);
  return [code, detail.accepted, detail.routeDown === true];
};
const model = (type: string, msg = 'Something.') => ({
  detail: [{ loc: ['body', 'prompt'], msg, type, url: 'https://docs.test' }],
});
const platform = (error_type: string) => ({ detail: 'Something.', error_type });

describe('an answer that is no success', () => {
  it.each([
    [401, { detail: 'No user found for Key ID and Secret' }, 'model_misconfigured', true],
    [403, { detail: 'User is locked. Reason: Exhausted balance.' }, 'model_misconfigured', true],
    [403, { detail: 'Forbidden' }, 'model_misconfigured', false],
    [404, { detail: 'Application not found' }, 'model_misconfigured', false],
    [422, model('missing', 'field required'), 'model_misconfigured', false],
    [422, model('content_policy_violation'), 'content_rejected', false],
    [400, model('value_error', 'Input was flagged by the content checker'), 'content_rejected', false],
    [422, model('image_load_error'), 'invalid_media', false],
    [422, model('image_too_small'), 'invalid_media', false],
    [422, model('video_duration_too_long'), 'invalid_media', false],
    [422, model('file_too_large'), 'media_too_large', false],
    [504, model('generation_timeout'), 'upstream_timeout', false],
    [504, platform('startup_timeout'), 'upstream_timeout', false],
    [503, platform('runner_scheduling_failure'), 'upstream_unavailable', false],
    [500, model('downstream_service_unavailable'), 'upstream_unavailable', false],
    [400, model('downstream_service_error'), 'upstream_failed', false],
    [500, platform('internal_error'), 'upstream_failed', false],
    [429, { detail: 'Too many requests' }, 'upstream_rate_limited', false],
  ] as const)('is read: %i %j', (status, body, code, down) => {
    expect(read(status, body)).toEqual([code, 'no', down]);
  });

  it.each([
    [502, '<html>Bad Gateway</html>', 'upstream_failed'],
    [500, { detail: 'Internal Server Error' }, 'upstream_failed'],
    [504, '', 'upstream_timeout'],
  ] as const)('leaves a paid call open where nobody knows: %i %j', (status, body, code) => {
    expect(read(status, body)).toEqual([code, 'maybe', false]);
  });
});
