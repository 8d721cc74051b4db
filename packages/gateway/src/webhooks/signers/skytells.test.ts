import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../store/port.ts';
import { createSkytellsScheme } from './skytells.ts';

const delivery = { id: 'evt_1', body: '{"id":"1","note":"ä"}' } as Delivery;

describe('createSkytellsScheme', () => {
  it('signs the body and nothing else, the same at any time', () => {
    const scheme = createSkytellsScheme();
    const expected = createHmac('sha256', 'sk-abc').update(Buffer.from(delivery.body, 'utf8')).digest('hex');
    for (const nowMs of [0, 1_760_000_000_999])
      expect(scheme.headers({ delivery, secrets: ['sk-abc'], nowMs })).toEqual({
        'X-Skytells-Signature': expected,
      });
  });

  it('tries five times: at once, after 5 s, 30 s, 2 min and 10 min', () => {
    const scheme = createSkytellsScheme();
    expect([1, 2, 3, 4, 5].map((failed) => scheme.nextDelayMs(failed))).toEqual([
      5_000,
      30_000,
      120_000,
      600_000,
      undefined,
    ]);
    expect(scheme.timeoutMs).toBe(10_000);
  });

  it('stretches or shortens that as it is configured', () => {
    const scheme = createSkytellsScheme({
      retries: 6,
      intervalMs: 10,
      timeoutMs: 7,
      signatureHeader: 'X-Sig',
    });
    expect([1, 2, 5, 6, 7].map((failed) => scheme.nextDelayMs(failed))).toEqual([
      10,
      60,
      1200,
      1200,
      undefined,
    ]);
    expect(scheme.timeoutMs).toBe(7);
    expect(Object.keys(scheme.headers({ delivery, secrets: ['s'], nowMs: 0 }))).toEqual(['X-Sig']);
  });
});
