import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  const byTheCall = 'native/genlock/text: { price: { unit: call, usd: 0.25 } }';
  gateway = await startTestGateway({ config: `worker: { lease: 1s }\nmodels: { ${byTheCall} }` });
});
afterAll(() => gateway.close());

async function ledgerTypes(accountId: string): Promise<string[]> {
  const { body } = await gateway.admin<{ data: { type: string }[] }>('GET', `/accounts/${accountId}/ledger`);
  return body.data.map(({ type }) => type);
}

function chat(key: string, content: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${gateway.url}/llmtune/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'meta-llama/Llama-3.3-70B-Instruct',
      messages: [{ role: 'user', content }],
      stream: signal !== undefined,
    }),
    ...(signal && { signal }),
  });
}

it('answers although the store cannot settle for a moment, and charges all the same', async () => {
  const { id, key } = await gateway.customer({ dialect: 'llmtune' });
  await gateway.admin('POST', '/faults', { point: 'store.settle', effect: 'error', times: 2 });
  expect((await chat(key.key, 'hello')).status).toBe(200);
  await expect
    .poll(() => ledgerTypes(id), { timeout: 20_000 })
    .toEqual(['top_up', 'hold', 'capture', 'release']);
  expect((await gateway.admin('POST', '/reconcile')).body).toMatchObject({ drift_usd: '0', open_holds: 0 });
});

it('keeps its lease while it runs, however long, against workers that look for abandoned work', async () => {
  const { id, key } = await gateway.customer({ dialect: 'llmtune' });
  // Longer than the lease of one second.
  expect((await chat(key.key, 'hello [[sandbox delay=2500ms]]')).status).toBe(200);
  expect(await ledgerTypes(id)).toEqual(['top_up', 'hold', 'capture', 'release']);
});

it('costs nothing when it fails, also where its price is for the call', async () => {
  const { id, key } = await gateway.customer({ dialect: 'native' });
  const say = async (prompt: string): Promise<number> => {
    const { status } = await fetch(`${gateway.url}/v1/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'genlock/text', input: { prompt, max_tokens: 8 }, stream: true }),
    });
    return status;
  };
  expect(await say('The sea. [[sandbox error=upstream_failed]]')).toBe(502);
  expect(await ledgerTypes(id)).toEqual(['top_up', 'hold', 'release']);
  expect(await say('The sea.')).toBe(200);
  await expect.poll(() => ledgerTypes(id)).toEqual(['top_up', 'hold', 'release', 'hold', 'capture']);
});
