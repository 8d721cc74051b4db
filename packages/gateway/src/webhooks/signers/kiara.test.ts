import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../store/port.ts';
import { createKiaraScheme } from './kiara.ts';

const body = '{"id":"evt_1","metadata":{"note":"ä"}}';
const delivery = { id: 'evt_1', body } as Delivery;

describe('createKiaraScheme', () => {
  it('signs timestamp and body bytes with the secret as it is shown', () => {
    const headers = createKiaraScheme().headers({
      delivery,
      secrets: ['whsec_abc'],
      nowMs: 1_760_000_000_999,
    });
    const expected = createHmac('sha256', Buffer.from('whsec_abc'))
      .update(Buffer.from(`1760000000.${body}`, 'utf8'))
      .digest('hex');
    expect(headers).toEqual({ 'X-Kiara-Timestamp': '1760000000', 'X-Kiara-Signature': expected });
  });

  it('takes other header names', () => {
    const scheme = createKiaraScheme({ timestampHeader: 'X-Time', signatureHeader: 'X-Sign' });
    expect(Object.keys(scheme.headers({ delivery, secrets: ['s'], nowMs: 0 }))).toEqual(['X-Time', 'X-Sign']);
  });

  it('tries nine times, 30 s apart, 10 s each', () => {
    const scheme = createKiaraScheme();
    const delays = Array.from({ length: 9 }, (_, index) => scheme.nextDelayMs(index + 1));
    expect(delays).toEqual([...Array<number>(8).fill(30_000), undefined]);
    expect(scheme.timeoutMs).toBe(10_000);
    const short = createKiaraScheme({ retries: 1, intervalMs: 5, timeoutMs: 20 });
    expect([short.nextDelayMs(1), short.nextDelayMs(2), short.timeoutMs]).toEqual([5, undefined, 20]);
  });
});
