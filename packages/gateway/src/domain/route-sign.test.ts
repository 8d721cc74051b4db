import { canonicalCodes, canonicalErrors } from '@genlock/contracts';
import { expect, it } from 'vitest';
import { GenlockError } from './error.ts';
import { signOf } from './route-sign.ts';

const sign = (code: (typeof canonicalCodes)[number], detail = {}) =>
  signOf(new GenlockError(code, undefined, detail));

it('holds against a route only what is its provider’s fault', () => {
  const held = canonicalCodes.filter((code) => sign(code).kind === 'failed');
  expect(held).toEqual([
    'upstream_failed',
    'upstream_timeout',
    'upstream_unavailable',
    'upstream_invalid_result',
  ]);
  for (const code of held) expect(canonicalErrors[code].blame).toBe('provider');
});

it('tells what only the operator can mend, and not from one refused request', () => {
  expect(sign('model_misconfigured', { routeDown: true })).toEqual({
    kind: 'broken',
    error: 'model_misconfigured',
  });
  expect(sign('model_misconfigured')).toEqual({ kind: 'nothing' });
  expect(sign('payment_required').kind).toBe('broken');
});

it('lets a route rest for its rate limit', () => {
  expect(sign('upstream_rate_limited', { retryAfterMs: 5 })).toEqual({
    kind: 'rate_limited',
    retryAfterMs: 5,
  });
  expect(sign('upstream_rate_limited')).toEqual({ kind: 'rate_limited' });
});
