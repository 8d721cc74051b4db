import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import {
  balanceOf,
  type Customer,
  caller,
  customer,
  ended,
  expectFault,
  type Files,
  INACTIVE,
  M,
  movesOf,
  type Receiver,
  START,
  setFault,
  signature,
  started,
  startFiles,
  startReceiver,
  until,
  zorbs,
} from '../testing.ts';

let gateway: TestGateway;
let files: Files;
let receiver: Receiver;
let one: Customer;
beforeAll(async () => {
  // A second of the contract's webhook schedule takes 5 ms, and a receiver has 200 ms.
  const config = 'dialects:\n  llmtune:\n    webhook: { interval: 5ms, timeout: 200ms }\n';
  gateway = await startTestGateway({ config });
  files = await startFiles();
  receiver = await startReceiver();
  files.files.set('zorbs.jsonl', zorbs(20));
  one = await customer(gateway);
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(async () => {
  receiver.close();
  files.close();
  await gateway.close();
});

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const job = (more: object = {}) => ({ baseModel: M, dataset: files.url('zorbs.jsonl'), ...more });
const start = async ({ call }: Customer, body: object, headers?: Record<string, string>) => {
  const { status, json, text } = await call('POST', START, body, headers);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return json.jobId as string;
};
const read = async ({ call }: Customer, id: string) => (await call('GET', `/api/training/${id}`)).json;
const LONG = { 'genlock-sandbox': 'delay=300s' };

describe('a start', () => {
  provokes('llmtune', 'invalid_request@400', 'each bad field of a training', async () => {
    const tune = (hyperparameters: unknown) => job({ hyperparameters });
    files.files.set('broken.jsonl', `${zorbs(1)}\n{"prompt":`);
    files.files.set('other.jsonl', '{"text":"x"}');
    files.files.set('empty.jsonl', '');
    files.files.set('blank.jsonl', '{"prompt":"","completion":""}');
    for (const body of [
      { baseModel: M },
      { dataset: files.url('zorbs.jsonl') },
      job({ dataset: 7 }),
      job({ dataset: '' }),
      job({ dataset: 'ftp://example.com/x.jsonl' }),
      job({ dataset: 'http://10.0.0.1/x.jsonl' }),
      job({ dataset: 'http://127.0.0.1:1/nobody.jsonl' }),
      job({ dataset: files.url('broken.jsonl') }),
      job({ dataset: files.url('other.jsonl') }),
      job({ dataset: files.url('empty.jsonl') }),
      job({ dataset: files.url('blank.jsonl') }),
      job({ datasetUrl: files.url('other.jsonl') }),
      job({ model: 'other' }),
      job({ trainingMethod: 'dpo' }),
      tune('x'),
      tune({ epochs: 0 }),
      tune({ epochs: 51 }),
      tune({ epochs: 1.5 }),
      tune({ batchSize: 0 }),
      tune({ batchSize: 513 }),
      tune({ learningRate: 0 }),
      tune({ learningRate: 1.1 }),
      job({ webhookUrl: 'nope' }),
      '{',
      [],
    ])
      for (const path of [START, '/v1/fine-tune']) {
        const answer = await one.call('POST', path, body);
        expect(answer.status, JSON.stringify(body)).toBe(400);
        expectFault(answer, 'invalid_request@400');
      }
    expectFault(await one.call('POST', START, job(), { 'idempotency-key': '' }), 'invalid_request@400');
    expect(await movesOf(gateway, one.id)).toEqual([]);
  });

  it('with a dataset that is not there in 5 s is refused', { timeout: 20_000 }, async () => {
    const answer = await one.call('POST', START, job({ dataset: files.url('hang') }));
    expectFault(answer, 'invalid_request@400');
    expect(answer.json.message).toContain('5 s');
  });

  provokes('llmtune', 'idempotency_conflict@400', 'one key for two trainings', async () => {
    const key = { 'idempotency-key': 't1' };
    const id = await start(one, job(), key);
    const other = job({ hyperparameters: { epochs: 4 } });
    expectFault(await one.call('POST', START, other, key), 'idempotency_conflict@400');
    expectFault(await one.call('POST', '/v1/fine-tune', other, key), 'idempotency_conflict@400');
    await ended(gateway, id);
  });

  provokes(
    'llmtune',
    'Insufficient balance. Please add funds to your account.@402',
    'a training that the balance does not cover; funded, it passes',
    async () => {
      const row = 'Insufficient balance. Please add funds to your account.@402';
      const poor = await customer(gateway, { credit_usd: '0' });
      expectFault(await poor.call('POST', START, job()), row);
      await gateway.admin('POST', `/accounts/${poor.id}/top-ups`, { usd: '0.000300' });
      expectFault(await poor.call('POST', START, job({ hyperparameters: { epochs: 50 } })), row);
      await gateway.admin('POST', `/accounts/${poor.id}/top-ups`, { usd: '1.00' });
      await ended(gateway, await start(poor, job()));
    },
  );

  provokes(
    'llmtune',
    'model_not_found@404',
    'a base that is unknown, inactive, or was fine-tuned',
    async () => {
      const id = await start(one, job());
      await ended(gateway, id);
      const { modelId } = await read(one, id);
      for (const baseModel of ['nope/none', INACTIVE, modelId])
        expectFault(await one.call('POST', START, job({ baseModel })), 'model_not_found@404');
    },
  );

  provokes('llmtune', 'not_found@404', 'a dataset by an id: none can be uploaded', async () => {
    expectFault(await one.call('POST', START, job({ dataset: 'ds_123' })), 'not_found@404');
  });

  provokes('llmtune', 'internal_error@500', 'a store or a ledger that fails', async () => {
    for (const [point, effect] of [
      ['store.write', 'error'],
      ['ledger', 'error'],
    ] as const) {
      await setFault(gateway, point, effect);
      expectFault(await one.call('POST', START, job()), 'internal_error@500');
    }
    const id = await start(one, job());
    await setFault(gateway, 'store.read', 'error');
    expectFault(await one.call('GET', `/api/training/${id}`), 'internal_error@500');
    await setFault(gateway, 'store.read', 'garbage');
    expectFault(await one.call('POST', `/api/training/${id}/cancel`), 'internal_error@500');
    await ended(gateway, id);
  });

  provokes('llmtune', 'upstream_error@502', 'a backend that answers wrongly', async () => {
    await setFault(gateway, 'provider', 'garbage');
    expectFault(await one.call('POST', START, job()), 'upstream_error@502');
  });

  provokes('llmtune', 'service_unavailable@503', 'a backend that is down', async () => {
    await setFault(gateway, 'provider', 'down');
    expectFault(await one.call('POST', '/v1/fine-tune', job()), 'service_unavailable@503');
  });

  provokes('llmtune', 'rate_limit_exceeded@429', 'too many calls, or jobs at once', async () => {
    const few = await customer(gateway, { key: { limits: { concurrent: 1 } } });
    const id = await start(few, job(), LONG);
    expectFault(await few.call('POST', START, job()), 'rate_limit_exceeded@429');
    await few.call('POST', `/api/training/${id}/cancel`);
    await ended(gateway, await start(few, job()));
  });
});

describe('a job', () => {
  provokes('llmtune', 'job_not_found@404', 'unknown, of somebody else, or of another kind', async () => {
    const two = await customer(gateway);
    const id = await start(one, job());
    await ended(gateway, id);
    const test = await gateway.createKey(one.id, { dialect: 'llmtune', mode: 'test' });
    const requests = [{ id: 'a', prompt: 'x', maxTokens: 1 }];
    const { batchId } = (await one.call('POST', '/v1/batch/inference', { modelId: M, requests })).json;
    for (const [call, which] of [
      [one.call, UNKNOWN],
      [one.call, 'nope'],
      [one.call, "'; --"],
      [one.call, batchId],
      [two.call, id],
      [caller(gateway, test.key), id],
    ] as const) {
      const path = encodeURIComponent(which);
      expectFault(await call('GET', `/api/training/${path}`), 'job_not_found@404');
      expectFault(await call('GET', `/v1/fine-tune/${path}`), 'job_not_found@404');
      expectFault(await call('POST', `/api/training/${path}/cancel`), 'job_not_found@404');
    }
    const { modelId } = await read(one, id);
    for (const path of [
      `/v1/models/${modelId}/inference`,
      '/v1/chat/completions',
      '/v1/playground/inference',
    ]) {
      const body = { model: modelId, modelId, prompt: 'x', messages: [{ role: 'user', content: 'x' }] };
      expectFault(await two.call('POST', path, body), 'model_not_found@404');
    }
  });

  provokes(
    'llmtune',
    'failed@job',
    'a dataset that is answered with 404, told by webhook, for free',
    async () => {
      const two = await customer(gateway);
      const seen = receiver.hooks.length;
      const id = await start(two, job({ dataset: files.url('none.jsonl'), webhookUrl: receiver.url }));
      await ended(gateway, id);
      expect(await read(two, id)).toMatchObject({
        status: 'failed',
        error: 'The dataset could not be fetched.',
        modelId: null,
        completedAt: expect.any(String),
      });
      const hooks = (await receiver.got(seen + 2)).slice(seen);
      expect(hooks.map(({ json }) => json.event).sort()).toEqual(['training.failed', 'training.started']);
      const failed = hooks.find(({ json }) => json.event === 'training.failed');
      expect(failed?.json.data).toMatchObject({
        jobId: id,
        modelName: M,
        error: expect.stringMatching(/dataset/),
      });
      const { body } = await gateway.admin<{ secret: string }>(
        'GET',
        `/accounts/${two.id}/webhook-secret?dialect=llmtune&mode=live`,
      );
      expect(failed?.headers['x-webhook-signature']).toBe(signature(body.secret, failed?.body ?? ''));
      expect(await balanceOf(gateway, two.id)).toEqual({ available_usd: '10', held_usd: '0' });
    },
  );

  it('never trains on a dataset that was not counted', async () => {
    const two = await customer(gateway);
    const id = await start(two, job({ dataset: files.url('late.jsonl') }), {
      'genlock-sandbox': 'delay=300ms',
    });
    files.files.set('late.jsonl', zorbs(10));
    await ended(gateway, id);
    expect(await read(two, id)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('counted'),
    });
    expect(await movesOf(gateway, two.id)).toEqual([]);
  });

  it.each(['error=upstream_failed', 'result=garbage', 'result=empty', 'error=content_rejected'])(
    'that fails for %s is free and says so',
    async (directive) => {
      const two = await customer(gateway);
      const id = await start(two, job(), { 'genlock-sandbox': directive });
      await ended(gateway, id);
      const failed = await read(two, id);
      expect(failed).toMatchObject({ status: 'failed', error: expect.stringMatching(/\S/), modelId: null });
      expect(await balanceOf(gateway, two.id)).toEqual({ available_usd: '10', held_usd: '0' });
    },
  );

  it('goes on after a backend that failed once', async () => {
    const id = await start(one, job(), { 'genlock-sandbox': 'error=upstream_failed times=1' });
    await ended(gateway, id);
    expect(await read(one, id)).toMatchObject({ status: 'completed' });
  });

  it('is cancelled while it trains, once, and what was not trained is given back', async () => {
    const two = await customer(gateway);
    const seen = receiver.hooks.length;
    const id = await start(two, job({ webhookUrl: receiver.url }), LONG);
    await started(gateway, id);
    expect(await read(two, id)).toMatchObject({
      status: 'training',
      progress: 0,
      startedAt: expect.any(String),
    });
    const first = await two.call('POST', `/api/training/${id}/cancel`);
    expect([first.status, first.json]).toEqual([200, { success: true, jobId: id, status: 'cancelled' }]);
    expect((await two.call('POST', `/api/training/${id}/cancel`, {})).text).toBe(first.text);
    expect(await read(two, id)).toMatchObject({ status: 'cancelled', error: null, modelId: null });
    const hooks = (await receiver.got(seen + 2)).slice(seen);
    const told = hooks.find(({ json }) => json.event === 'training.failed');
    expect(told?.json.data).toMatchObject({ jobId: id, error: expect.stringMatching(/cancel/) });
    expect(await balanceOf(gateway, two.id)).toEqual({ available_usd: '10', held_usd: '0' });
    const events = (await gateway.core.store.deliveries(id)).map(({ event }) => event);
    expect(events.filter((event) => event === 'training.failed')).toHaveLength(1);
  });

  it('that is cancelled in the middle is charged for what it had trained on', async () => {
    const two = await customer(gateway);
    files.files.set('large.jsonl', zorbs(20_000));
    const id = await start(
      two,
      job({ dataset: files.url('large.jsonl'), hyperparameters: { epochs: 50, batchSize: 16 } }),
    );
    await until(gateway, async () => ((await read(two, id)).metrics?.totalTokens ?? 0) > 0);
    const { json } = await two.call('POST', `/api/training/${id}/cancel`);
    expect(json.status).toBe('cancelled');
    const generation = await gateway.core.store.generation(id);
    const tokens = generation?.delivered?.inputTokens ?? 0;
    expect(tokens).toBeGreaterThan(0);
    expect(generation?.charged).toBe(Math.round(tokens * 0.6));
    expect(generation?.charged).toBeLessThan(generation?.quote ?? 0);
    expect((await balanceOf(gateway, two.id)).held_usd).toBe('0');
  });

  it('is cancelled while it waits', async () => {
    const idle = await startTestGateway({ worker: false });
    const who = await customer(idle);
    const id = await start(who, job());
    expect(await read(who, id)).toMatchObject({
      status: 'pending',
      progress: 0,
      startedAt: null,
      metrics: null,
    });
    expect((await who.call('POST', `/api/training/${id}/cancel`)).json.status).toBe('cancelled');
    expect(await balanceOf(idle, who.id)).toEqual({ available_usd: '10', held_usd: '0' });
    await idle.close();
  });

  provokes('llmtune', 'invalid_state@400', 'cancelling what completed or failed', async () => {
    const done = await start(one, job());
    const failed = await start(one, job({ dataset: files.url('none.jsonl') }));
    for (const id of [done, failed]) {
      await ended(gateway, id);
      expectFault(await one.call('POST', `/api/training/${id}/cancel`), 'invalid_state@400');
    }
  });
});

describe('a webhook', () => {
  it('that is not answered in time, or refused, is sent again with the same bytes, five times at most', async () => {
    const two = await customer(gateway);
    const mine = await startReceiver();
    await gateway.admin('POST', `/accounts/${two.id}/webhook-endpoints`, {
      dialect: 'llmtune',
      url: mine.url,
      events: ['training.completed'],
    });
    mine.answers.push('hang', 500);
    await ended(gateway, await start(two, job()));
    const hooks = await mine.got(3);
    expect(new Set(hooks.map(({ body }) => body)).size).toBe(1);
    expect(new Set(hooks.map(({ headers }) => headers['x-webhook-signature'])).size).toBe(1);

    mine.answers.push(500, 500, 302, 500, 500, 500);
    const id = await start(two, job());
    await ended(gateway, id);
    await mine.got(8);
    await until(gateway, async () => (await gateway.core.store.deliveries(id))[0]?.status === 'failed');
    expect(mine.hooks).toHaveLength(8);
    mine.close();
  });
});
