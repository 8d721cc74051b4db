import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { expectProblem } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

describe('faults', () => {
  it('break what they say, so many times', async () => {
    const { key } = await gateway.customer();
    const order = async () =>
      (
        await fetch(`${gateway.url}/kiara/v1/generations`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ product: 'kiara-vogue', prompt: 'a red mug on oak' }),
        })
      ).status;
    expect(
      await gateway.admin('POST', '/faults', { point: 'store.write', effect: 'error', times: 2 }),
    ).toEqual({
      status: 201,
      body: { point: 'store.write', effect: 'error', times: 2 },
    });
    expect([await order(), await order(), await order()]).toEqual([503, 503, 202]);
    await gateway.admin('POST', '/faults', { point: 'ledger', effect: 'down' });
    expect([await order(), await order()]).toEqual([503, 202]);
    await gateway.admin('POST', '/faults', { point: 'limiter', effect: 'down', times: 100 });
    expect(await order()).toBe(503);
    expect((await gateway.admin('DELETE', '/faults')).status).toBe(200);
    expect(await order()).toBe(202);
  });

  it.each([
    [{}, 'point'],
    [{ point: 'store', effect: 'error' }, 'point'],
    [{ point: 'ledger' }, 'effect'],
    [{ point: 'ledger', effect: 'slow' }, 'effect'],
    [{ point: 'ledger', effect: 'delay=1h' }, 'effect'],
    [{ point: 'ledger', effect: 'error', times: 0 }, 'times'],
    [{ point: 'ledger', effect: 'error', times: '2' }, 'times'],
    [{ point: 'ledger', effect: 'error', until: 1 }, 'until'],
  ])('refuse %j', async (body, param) => {
    expectProblem(await gateway.admin('POST', '/faults', body), 422, param);
  });

  it('do not exist outside the emulator', async () => {
    const real = await startTestGateway({ emulator: false });
    try {
      expectProblem(await real.admin('POST', '/faults', { point: 'ledger', effect: 'error' }), 404);
      expectProblem(await real.admin('DELETE', '/faults'), 404);
    } finally {
      await real.close();
    }
  });
});

describe('POST /reconcile', () => {
  it('finds nothing wrong', async () => {
    const fresh = await startTestGateway();
    try {
      await fresh.createAccount({ credit_usd: '3' });
      expect(await fresh.admin('POST', '/reconcile')).toEqual({
        status: 200,
        body: { accounts: 1, open_holds: 0, drift_usd: '0' },
      });
      expect((await fresh.admin('POST', '/reconcile', {})).status).toBe(200);
    } finally {
      await fresh.close();
    }
  });
});
