import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd } from '../../../domain/money.ts';
import { provokes } from '../../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import {
  BATCH,
  balanceOf,
  batchCall,
  type Customer,
  caller,
  customer,
  ended,
  expectFault,
  M,
  movesOf,
  type Receiver,
  setFault,
  signature,
  startReceiver,
  until,
} from '../testing.ts';

let gateway: TestGateway;
let receiver: Receiver;
let one: Customer;
beforeAll(async () => {
  gateway = await startTestGateway({ config: 'moderation: { words: [forbidden] }' });
  receiver = await startReceiver();
  one = await customer(gateway);
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(async () => {
  receiver.close();
  await gateway.close();
});

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const items = (...prompts: string[]) => prompts.map((prompt, n) => ({ id: `r${n}`, prompt, maxTokens: 10 }));
const batch = (...prompts: string[]) => ({ modelId: M, requests: items(...prompts) });
const submit = async ({ call }: Customer, body: object, headers?: Record<string, string>) => {
  const { status, json, text } = await call('POST', BATCH, body, headers);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return json.batchId as string;
};
const finished = async (who: Customer, id: string) => {
  await ended(gateway, id);
  return (await who.call('GET', `/v1/batch/${id}`)).json;
};

describe('a batch', () => {
  it('goes on without an item that moderation refuses', async () => {
    const id = await submit(one, batch('a forbidden thing', 'The sea'));
    expect(await finished(one, id)).toMatchObject({
      status: 'completed',
      summary: { total: 2, accepted: 1, completed: 1, failed: 0 },
      results: [
        { id: 'r0', error: 'Moderation refused the prompt.' },
        { id: 'r1', error: null },
      ],
    });
  });

  it('is taken on, answered item by item, and charged for what they used', async () => {
    const two = await customer(gateway);
    const { status, json } = await two.call('POST', BATCH, batch('The light', 'The sea'));
    expect(status).toBe(200);
    expect(json).toEqual({
      batchId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'queued',
      summary: { total: 2, accepted: 2 },
    });
    const done = await finished(two, json.batchId);
    expect(done).toEqual({
      batchId: json.batchId,
      status: 'completed',
      summary: { total: 2, accepted: 2, completed: 2, failed: 0 },
      results: [
        { id: 'r0', text: expect.stringMatching(/light/i), tokens: 12, error: null },
        { id: 'r1', text: expect.stringMatching(/sea/i), tokens: 12, error: null },
      ],
      createdAt: expect.stringMatching(/Z$/),
      completedAt: expect.stringMatching(/Z$/),
    });
    // 2 x (2 in + 10 out) tokens at $0.60 per million: the hold and the charge.
    expect(await movesOf(gateway, two.id)).toEqual(['hold 0.000014', 'capture 0.000014']);
  });

  it('gives every item its own sampling, and the same answer as a single inference', async () => {
    const requests = [
      { id: 'a', prompt: 'The light', maxTokens: 4, temperature: 0 },
      { id: 'b', prompt: 'The light', max_tokens: 6, topP: 0.5, topK: 3 },
    ];
    const { results } = await finished(one, await submit(one, { modelId: M, requests }));
    expect(results.map(({ tokens }: { tokens: number }) => tokens)).toEqual([6, 8]);
    for (const [index, { id, ...sampling }] of requests.entries()) {
      const { json } = await one.call('POST', `/v1/models/${M}/inference`, sampling);
      expect(results[index].text).toBe(json.text);
    }
  });

  it('goes on when an item fails, and does not charge that', async () => {
    const two = await customer(gateway);
    const body = batch(
      'The light',
      'The sea [[sandbox error=upstream_failed]]',
      'x [[sandbox result=garbage]]',
    );
    const done = await finished(two, await submit(two, body));
    expect(done).toMatchObject({ status: 'completed', summary: { accepted: 3, completed: 1, failed: 2 } });
    expect(done.results.slice(1)).toEqual([
      { id: 'r1', text: null, tokens: 0, error: expect.stringMatching(/\S/) },
      { id: 'r2', text: null, tokens: 0, error: expect.stringMatching(/\S/) },
    ]);
    const charged = formatUsd(Math.round(12 * 0.6));
    expect((await movesOf(gateway, two.id))[1]).toBe(`capture ${charged}`);
    expect((await balanceOf(gateway, two.id)).held_usd).toBe('0');
  });

  it('does not accept an item that is longer than the model takes, and tells it with the results', async () => {
    const id = await submit(one, batch('The light', 'word '.repeat(131_072)));
    const { summary, results } = await finished(one, id);
    expect(summary).toEqual({ total: 2, accepted: 1, completed: 1, failed: 0 });
    expect(results[1]).toEqual({
      id: 'r1',
      text: null,
      tokens: 0,
      error: expect.stringContaining('context'),
    });
  });

  it('of 100 is fine, and says how far it is', async () => {
    const slow = [...Array(99).fill('The sea'), 'x [[sandbox delay=300s]]'];
    const id = await submit(one, batch(...slow));
    const seen = async () => (await one.call('GET', `/v1/batch/${id}`)).json;
    await until(gateway, async () => (await seen()).summary.completed > 0);
    expect(await seen()).toMatchObject({ status: 'running', results: [], completedAt: null });
    await gateway.admin('POST', `/generations/${id}/cancel`);
    expect(await finished(one, id)).toMatchObject({ status: 'failed', summary: { total: 100, failed: 100 } });
  });

  it('is told by webhook, with the same object and the signature of the workspace', async () => {
    const id = await submit(one, { ...batch('The light'), webhookUrl: receiver.url });
    const done = await finished(one, id);
    const [hook] = await receiver.got(1);
    const { body } = await gateway.admin<{ secret: string }>(
      'GET',
      `/accounts/${one.id}/webhook-secret?dialect=llmtune&mode=live`,
    );
    expect(hook?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-webhook-event': 'batch.completed',
      'x-webhook-signature': signature(body.secret, hook?.body ?? ''),
    });
    expect(hook?.json).toEqual({
      event: 'batch.completed',
      data: done,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('under one key is one batch', async () => {
    const two = await customer(gateway);
    const key = { 'idempotency-key': 'b-1' };
    const answers = await Promise.all([1, 2, 3].map(() => two.call('POST', BATCH, batch('The light'), key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    await ended(gateway, answers[0]?.json.batchId);
    const again = await two.call('POST', BATCH, batch('The light'), key);
    expect([again.status, again.text]).toEqual([200, answers[0]?.text]);
    expect((await movesOf(gateway, two.id)).filter((line) => line.startsWith('hold'))).toHaveLength(1);
  });
});

describe('a batch that is refused', () => {
  provokes('llmtune', 'invalid_request@400', 'each bad field of a batch', async () => {
    const [item] = items('x');
    for (const body of [
      { requests: [item] },
      { modelId: M },
      { modelId: M, requests: [] },
      { modelId: M, requests: 'x' },
      { modelId: M, requests: ['x'] },
      { modelId: M, requests: [{ prompt: 'x' }] },
      { modelId: M, requests: [{ id: 'a' }] },
      { modelId: M, requests: [{ id: '', prompt: 'x' }] },
      { modelId: M, requests: [{ id: 'a', prompt: '' }] },
      { modelId: M, requests: [item, item] },
      { modelId: M, requests: [{ ...item, temperature: 3 }] },
      { modelId: M, requests: [{ ...item, maxTokens: 131_073 }] },
      { modelId: M, requests: Array.from({ length: 101 }, (_, n) => ({ id: `${n}`, prompt: 'x' })) },
      { ...batch('x'), webhookUrl: 'ftp://x' },
      { ...batch('x'), webhookUrl: 'http://10.0.0.1/' },
      batch('x [[sandbox colour=red]]'),
    ])
      expectFault(await one.call('POST', BATCH, body), 'invalid_request@400');
    expect((await one.call('POST', BATCH, { modelId: M, requests: [item, item] })).json.message).toBe(
      'requests[1].id is already used in an earlier entry.',
    );
    const bad = { 'idempotency-key': 'a b' };
    expectFault(await one.call('POST', BATCH, batch('x'), bad), 'invalid_request@400');
  });

  provokes('llmtune', 'idempotency_conflict@400', 'one key for two batches', async () => {
    const key = { 'idempotency-key': 'b-2' };
    await submit(one, batch('The light'), key);
    expectFault(await one.call('POST', BATCH, batch('The sea'), key), 'idempotency_conflict@400');
  });

  it('leaves no trace of its key', async () => {
    const key = { 'idempotency-key': 'b-3' };
    await setFault(gateway, 'store.write', 'error');
    expectFault(await one.call('POST', BATCH, batch('The light'), key), 'internal_error@500');
    expect((await one.call('POST', BATCH, batch('The sea'), key)).status).toBe(200);
  });

  provokes(
    'llmtune',
    'batch_not_found@404',
    'unknown, of somebody else, or another kind of thing',
    async () => {
      const two = await customer(gateway);
      const id = await submit(one, batch('The light'));
      const chat = (
        await one.call('POST', '/v1/chat/completions', {
          model: M,
          messages: [{ role: 'user', content: 'x' }],
        })
      ).json.id;
      for (const [who, which] of [
        [one, UNKNOWN],
        [one, 'nope'],
        [one, chat],
        [two, id],
      ] as const)
        expectFault(await who.call('GET', `/v1/batch/${which}`), 'batch_not_found@404');
      const test = await gateway.createKey(one.id, { dialect: 'llmtune', mode: 'test' });
      expectFault(await caller(gateway, test.key)('GET', `/v1/batch/${id}`), 'batch_not_found@404');
    },
  );

  provokes('llmtune', 'internal_error@500', 'a store that fails while it is read', async () => {
    const id = await submit(one, batch('The light'));
    await ended(gateway, id);
    for (const [point, effect] of [
      ['store.read', 'error'],
      ['store.read', 'garbage'],
      ['assets.read', 'error'],
    ] as const) {
      await setFault(gateway, point, effect);
      expectFault(await one.call('GET', `/v1/batch/${id}`), 'internal_error@500');
    }
    expect((await one.call('GET', `/v1/batch/${id}`)).status).toBe(200);
  });

  provokes('llmtune', 'failed@job', 'a batch whose backend fails for good is told, and free', async () => {
    const two = await customer(gateway);
    const seen = receiver.hooks.length;
    for (const directive of ['error=upstream_failed', 'result=garbage', 'result=empty']) {
      const body = { ...batch('The light'), webhookUrl: receiver.url };
      const id = await submit(two, body, { 'genlock-sandbox': directive });
      expect(await finished(two, id)).toMatchObject({
        status: 'failed',
        summary: { total: 1, accepted: 1, completed: 0, failed: 1 },
        results: [{ id: 'r0', text: null, tokens: 0, error: expect.stringMatching(/\S/) }],
      });
    }
    const hooks = (await receiver.got(seen + 3)).slice(seen);
    expect(hooks.map(({ json }) => [json.event, json.data.status])).toEqual(
      Array(3).fill(['batch.completed', 'failed']),
    );
    expect(await balanceOf(gateway, two.id)).toEqual({ available_usd: '10', held_usd: '0' });
  });

  it('for its rate or its money is told as everywhere', async () => {
    const poor = await customer(gateway, { credit_usd: '0.000001' });
    const row = 'Insufficient balance. Please add funds to your account.@402';
    expectFault(await poor.call('POST', BATCH, batchCall.body), row);
  });
});
