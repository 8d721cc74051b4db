import { afterEach, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.close(0));

it('test keys that make the sandbox sleep keep no live work waiting', async () => {
  gateway = await startTestGateway({ config: 'worker: { concurrency: 2, test_share: 1 }' });
  const { id } = await gateway.createAccount({ credit_usd: '10.00' });
  const [test, live] = [
    await gateway.createKey(id, { dialect: 'native', mode: 'test' }),
    await gateway.createKey(id, { dialect: 'native', mode: 'live' }),
  ];
  const order = async (key: string, prompt: string, wait: string) => {
    const answer = await fetch(`${gateway.url}/v1/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', prefer: wait },
      body: JSON.stringify({ model: 'genlock/image', input: { prompt } }),
    });
    return ((await answer.json()) as { status: string }).status;
  };
  for (let n = 0; n < 4; n += 1) await order(test.key, 'slow [[sandbox delay=600s]]', 'respond-async');
  expect(await order(live.key, 'a red mug', 'wait=30')).toBe('succeeded');
});
