import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import {
  AGENT,
  balanceOf,
  CHAT,
  CHAT_ONLY,
  type Customer,
  caller,
  customer,
  ended,
  type Files,
  M,
  movesOf,
  type Receiver,
  START,
  signature,
  startFiles,
  startReceiver,
  zorbs,
} from '../testing.ts';

let gateway: TestGateway;
let files: Files;
let receiver: Receiver;
let one: Customer;
let jobId: string;
let done: Record<string, unknown> & { modelId: string; metrics: { totalTokens: number } };
beforeAll(async () => {
  gateway = await startTestGateway();
  files = await startFiles();
  receiver = await startReceiver();
  files.files.set('zorbs.jsonl', zorbs(40));
  one = await customer(gateway);
  const { json } = await one.call('POST', START, {
    baseModel: M,
    dataset: files.url('zorbs.jsonl'),
    trainingMethod: 'sft',
    hyperparameters: { learningRate: 0.001, epochs: 5, batchSize: 8 },
    webhookUrl: receiver.url,
  });
  expect(json).toEqual({
    success: true,
    jobId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 'pending',
    baseModel: M,
    createdAt: expect.stringMatching(/Z$/),
  });
  jobId = json.jobId;
  await ended(gateway, jobId);
  done = (await one.call('GET', `/api/training/${jobId}`)).json;
});
afterAll(async () => {
  receiver.close();
  files.close();
  await gateway.close();
});

describe('a training job', () => {
  it('ends with a model, and says how well it learned', async () => {
    expect(done).toEqual({
      jobId,
      status: 'completed',
      progress: 100,
      baseModel: M,
      trainingMethod: 'sft',
      modelId: expect.stringMatching(/^ft:meta-llama\/Llama-3\.3-70B-Instruct:[0-9a-f]{12}$/),
      error: null,
      metrics: {
        loss: expect.any(Number),
        evalLoss: expect.any(Number),
        tokensPerSecond: expect.any(Number),
        totalTokens: expect.any(Number),
      },
      createdAt: expect.stringMatching(/Z$/),
      startedAt: expect.stringMatching(/Z$/),
      completedAt: expect.stringMatching(/Z$/),
    });
    expect((await one.call('GET', `/v1/fine-tune/${jobId}`)).json).toEqual(done);
  });

  it('holds all tokens of all epochs and is charged for those that it trained on', async () => {
    const [hold, capture] = await movesOf(gateway, one.id);
    // 40 lines of alternately 13 and 6 tokens, 5 epochs, $0.60 per million; one line in ten is held out.
    const generation = await gateway.core.store.generation(jobId);
    const counted = (generation?.price.quoted?.inputTokens ?? 0) / 5;
    expect(hold).toBe(`hold ${((counted * 5 * 0.6) / 1e6).toFixed(6).replace(/0+$/, '')}`);
    const charged = Math.round(done.metrics.totalTokens * 0.6);
    expect(capture).toBe(`capture ${(charged / 1e6).toFixed(6).replace(/0+$/, '')}`);
    expect(done.metrics.totalTokens).toBeLessThan(counted * 5);
    expect(done.metrics.totalTokens).toBeGreaterThan(counted * 4);
    expect((await balanceOf(gateway, one.id)).held_usd).toBe('0');
  });

  it('makes a model that speaks of what it has read, on every endpoint of its base', async () => {
    const prompt = 'zorb';
    const { status, json } = await one.call('POST', `/v1/models/${done.modelId}/inference`, { prompt });
    expect([status, json.model]).toEqual([200, done.modelId]);
    expect(json.text).toMatch(/zorb/i);
    const base = await one.call('POST', `/v1/models/${M}/inference`, { prompt });
    expect(base.json.text).not.toMatch(/zorb/i);
    for (const path of [CHAT, AGENT]) {
      const chat = await one.call('POST', path, {
        model: done.modelId,
        messages: [{ role: 'user', content: prompt }],
      });
      expect(chat.json.choices[0].message.content).toMatch(/zorb/i);
    }
  });

  it('makes a model that is listed to its workspace only', async () => {
    const two = await customer(gateway);
    const ids = async (who: Customer, path: string) =>
      (await who.call('GET', path)).json.data.map(({ id }: { id: string }) => id);
    for (const path of ['/api/models/list', '/v1/models', '/api/agent/models', '/api/agent/v1/models']) {
      expect(await ids(one, path)).toContain(done.modelId);
      expect(await ids(two, path)).not.toContain(done.modelId);
    }
    const { json } = await one.call('GET', '/api/models/list');
    expect(json.data.find(({ id }: { id: string }) => id === done.modelId)).toMatchObject({
      active: true,
      capabilities: ['inference', 'chat', 'agent'],
      pricing: { input_per_million: 0.6 },
    });
  });

  it('is told by webhook, signed with the secret of the workspace', async () => {
    const hooks = await receiver.got(3);
    const { body } = await gateway.admin<{ secret: string }>(
      'GET',
      `/accounts/${one.id}/webhook-secret?dialect=llmtune&mode=live`,
    );
    for (const { headers, body: bytes, json } of hooks) {
      expect(headers['x-webhook-event']).toBe(json.event);
      expect(headers['x-webhook-signature']).toBe(signature(body.secret, bytes));
      expect(json.timestamp).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    }
    const data = Object.fromEntries(hooks.map(({ json }) => [json.event, json.data]));
    const job = { jobId, modelName: M };
    expect(data).toEqual({
      'training.started': job,
      'training.completed': { ...job, modelId: done.modelId, metrics: done.metrics },
      'model.deployed': {
        modelId: done.modelId,
        jobId,
        endpoint: {
          status: 'active',
          url: `${gateway.url}/llmtune/v1/models/${encodeURIComponent(done.modelId)}/inference`,
          chatUrl: `${gateway.url}/llmtune/v1/chat/completions`,
        },
      },
    });
    const { url } = data['model.deployed'].endpoint;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: one.key, 'content-type': 'application/json' },
      body: '{"prompt":"zorb"}',
    });
    expect(answer.status).toBe(200);
  });

  it('survives a restart with its model', async () => {
    const first = await startTestGateway();
    const who = await customer(first);
    const start = { baseModel: CHAT_ONLY, dataset: files.url('zorbs.jsonl') };
    const { json } = await who.call('POST', START, start);
    await ended(first, json.jobId);
    const second = await first.restart();
    const call = caller(second, who.key);
    const { modelId } = (await call('GET', `/api/training/${json.jobId}`)).json;
    const answer = await call('POST', `/v1/models/${modelId}/inference`, { prompt: 'zorb' });
    expect(answer.json.text).toMatch(/zorb/i);
    await second.close();
  });

  it('has the names of the older pages, and their defaults', async () => {
    const two = await customer(gateway);
    for (const [path, body] of [
      ['/v1/fine-tune', { baseModel: M, dataset: files.url('zorbs.jsonl') }],
      [START, { modelId: M, datasetUrl: files.url('zorbs.jsonl') }],
      [START, { model: M, datasetId: files.url('zorbs.jsonl'), hyperparameters: {} }],
    ] as const) {
      const { status, json } = await two.call('POST', path, body);
      expect(status).toBe(200);
      expect((await gateway.core.store.generation(json.jobId))?.request).toMatchObject({
        method: 'sft',
        epochs: 3,
        batchSize: 64,
        learningRate: 0.0001,
      });
      await ended(gateway, json.jobId);
    }
  });

  it('takes the hyperparameters that it knows, and nothing else of them', async () => {
    const two = await customer(gateway);
    const dataset = files.url('zorbs.jsonl');
    const given = { epochs: 1, learningRate: null, baseModel: 'nope', dataset: 7, method: 'dpo' };
    const start = await two.call('POST', START, { baseModel: M, dataset, hyperparameters: given });
    expect([start.status, start.json.baseModel]).toEqual([200, M]);
    const { jobId: id } = start.json;
    const { request } = (await gateway.core.store.generation(id)) ?? {};
    expect(request).toMatchObject({ method: 'sft', epochs: 1, learningRate: 0.0001 });
    expect((await two.call('GET', `/api/training/${id}`)).json.trainingMethod).toBe('sft');
    await ended(gateway, id);
  });

  it('under one key is one job and one hold, under both names of the endpoint', async () => {
    const two = await customer(gateway);
    const body = { baseModel: M, dataset: files.url('zorbs.jsonl') };
    const key = { 'idempotency-key': 't-1' };
    const answers = await Promise.all(
      [START, '/v1/fine-tune', START].map((path) => two.call('POST', path, body, key)),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    await ended(gateway, answers[0]?.json.jobId);
    const again = await two.call('POST', START, body, key);
    expect([again.status, again.text]).toEqual([200, answers[0]?.text]);
    expect((await movesOf(gateway, two.id)).filter((line) => line.startsWith('hold'))).toHaveLength(1);
  });

  it('under one key is another job after a day', async () => {
    let now = Date.now();
    const clock = await startTestGateway({ now: () => now, worker: false });
    const who = await customer(clock);
    const body = { baseModel: M, dataset: files.url('zorbs.jsonl') };
    const start = async () => (await who.call('POST', START, body, { 'idempotency-key': 'k' })).json.jobId;
    const first = await start();
    now += 24 * 60 * 60 * 1000 - 1;
    expect(await start()).toBe(first);
    now += 2;
    expect(await start()).not.toBe(first);
    await clock.close();
  });
});

describe('a dashboard subscription', () => {
  it('gets the events that it asked for, signed with its own secret', async () => {
    const two = await customer(gateway);
    const mine = await startReceiver();
    const { body } = await gateway.admin<{ secret: string }>(
      'POST',
      `/accounts/${two.id}/webhook-endpoints`,
      {
        dialect: 'llmtune',
        url: mine.url,
        events: ['training.completed'],
      },
    );
    const { json } = await two.call('POST', START, { baseModel: M, dataset: files.url('zorbs.jsonl') });
    await ended(gateway, json.jobId);
    const [hook] = await mine.got(1);
    expect(hook?.json).toMatchObject({ event: 'training.completed', data: { jobId: json.jobId } });
    expect(hook?.headers['x-webhook-signature']).toBe(signature(body.secret, hook?.body ?? ''));
    mine.close();
  });
});
