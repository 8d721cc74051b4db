import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

describe('limits of an account with keys of several dialects', () => {
  it('are counted apart, each in the way of its contract', async () => {
    const { id } = await gateway.createAccount({ credit_usd: '1' });
    const limits = { requests_per_minute: 2 };
    const getimg = await gateway.createKey(id, { dialect: 'getimg', limits });
    const skytells = await gateway.createKey(id, { dialect: 'skytells', limits });
    const order = () =>
      fetch(`${gateway.url}/getimg/v2/images/generations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${getimg.key}`, 'content-type': 'application/json' },
        body: '{}',
      });
    const models = () =>
      fetch(`${gateway.url}/skytells/v1/models`, { headers: { 'x-api-key': skytells.key } });

    for (const [a, b] of [
      [400, 200],
      [400, 200],
      [429, 429],
    ]) {
      const first = await order();
      expect([first.status, first.headers.get('x-ratelimit-remaining')]).toEqual([
        a,
        expect.stringMatching(/^\d+$/),
      ]);
      const second = await models();
      expect(second.status).toBe(b);
      if (b === 429) expect(Number(second.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
  });
});
