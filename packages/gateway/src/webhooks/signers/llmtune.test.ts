import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../store/port.ts';
import { createLlmtuneScheme } from './llmtune.ts';

const body = '{"event":"training.completed","data":{"note":"ä"}}';
const delivery = { id: 'evt_1', event: 'training.completed', body } as Delivery;

describe('createLlmtuneScheme', () => {
  it('signs the body bytes with the secret as it is shown, the same at any time', () => {
    const scheme = createLlmtuneScheme();
    const expected = createHmac('sha256', 'whsec_abc').update(Buffer.from(body, 'utf8')).digest('hex');
    for (const nowMs of [0, 1_760_000_000_999])
      expect(scheme.headers({ delivery, secrets: ['whsec_abc'], nowMs })).toEqual({
        'X-Webhook-Event': 'training.completed',
        'X-Webhook-Signature': expected,
      });
  });

  it('tries five times, with twice the wait each time, 5 s each', () => {
    const scheme = createLlmtuneScheme();
    expect([1, 2, 3, 4, 5].map((failed) => scheme.nextDelayMs(failed))).toEqual([
      2_000,
      4_000,
      8_000,
      16_000,
      undefined,
    ]);
    expect(scheme.timeoutMs).toBe(5_000);
    const short = createLlmtuneScheme({ retries: 1, unitMs: 5, timeoutMs: 20 });
    expect([short.nextDelayMs(1), short.nextDelayMs(2), short.timeoutMs]).toEqual([10, undefined, 20]);
  });
});
