import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../store/port.ts';
import { createStandardScheme } from './standard.ts';

describe('createStandardScheme', () => {
  /** The example in the specification and its libraries. */
  const example = {
    delivery: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' } as Delivery,
    nowMs: 1_614_265_330_000,
  };
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  it('signs as the specification does', () => {
    expect(createStandardScheme().headers({ ...example, secrets: [secret] })).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('signs with every secret while one is being rotated', () => {
    const secrets = ['whsec_AAAA', secret] as const;
    const { 'webhook-signature': signature = '' } = createStandardScheme().headers({ ...example, secrets });
    expect(signature.split(' ')).toEqual([
      expect.stringMatching(/^v1,/),
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ]);
  });

  it('waits longer and longer, and gives up', () => {
    const { nextDelayMs, timeoutMs, goneStatus } = createStandardScheme();
    const seconds = Array.from({ length: 8 }, (_, index) => nextDelayMs(index + 1)).map(
      (ms) => ms && ms / 1000,
    );
    expect(seconds).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, undefined]);
    expect([timeoutMs, goneStatus]).toEqual([15_000, 410]);
    expect(createStandardScheme({ retries: 1, intervalMs: 7 }).nextDelayMs(1)).toBe(7);
  });
});
