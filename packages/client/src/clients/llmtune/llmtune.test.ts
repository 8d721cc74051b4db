import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Files, startFiles, zorbs } from '../../../../gateway/src/dialects/llmtune/testing.ts';
import { startTestGateway, type TestGateway } from '../../../../gateway/src/testing/gateway.ts';
import { all } from '../../../testing/all.ts';
import { createLLMTuneClient, type LlmtuneClient } from '../../index.ts';

let gateway: TestGateway;
let files: Files;
beforeAll(async () => {
  gateway = await startTestGateway();
  files = await startFiles();
  files.files.set('zorbs.jsonl', zorbs(40));
});
afterAll(async () => {
  files.close();
  await gateway.close(0);
});

const M = 'meta-llama/Llama-3.3-70B-Instruct';
const question = { model: M, messages: [{ role: 'user' as const, content: 'Tell me about the light.' }] };
const ask = { ...question, max_tokens: 16 };
const prompt = { prompt: 'The light', maxTokens: 16 };
const quick = { intervalMs: 50 };
const steer = (steering: string) => ({ headers: { 'genlock-sandbox': steering } });

async function customer(credit_usd = '10'): Promise<LlmtuneClient> {
  const key = { limits: { requests_per_minute: 10_000 } };
  const made = await gateway.customer({ dialect: 'llmtune', credit_usd, key });
  return createLLMTuneClient({ baseUrl: `${gateway.url}/llmtune`, apiKey: made.key.key });
}

describe.each(['chat', 'agent'] as const)('LLMTune %s', (which) => {
  const chatOf = (client: LlmtuneClient) => (which === 'chat' ? client.chat : client.agent.chat);

  it('answers whole, and in pieces', async () => {
    const chat = chatOf(await customer());
    const { choices, usage } = await chat.create(ask);
    expect(choices[0]?.message.content).toMatch(/\w/);
    expect(usage.total_tokens).toBeGreaterThan(0);
    const chunks = await all(chat.stream({ ...ask, stream_options: { include_usage: true } }));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      choices[0]?.message.content,
    );
    expect(chunks.at(-1)?.usage).toEqual(usage);
  });

  it('tells its errors', async () => {
    const chat = chatOf(await customer());
    const unknown = { ...ask, model: 'nope/none' };
    await expect(chat.create(unknown)).rejects.toMatchObject({ code: 'model_not_found', dialect: 'llmtune' });
    await expect(chat.stream(unknown).next()).rejects.toMatchObject({ code: 'model_not_found' });
    const poor = chatOf(await customer('0.000001'));
    await expect(poor.create(ask)).rejects.toMatchObject({ code: 'insufficient_credits', advice: 'top_up' });
  });

  it('calls tools', async () => {
    const chat = chatOf(await customer());
    const tools = [
      { type: 'function', function: { name: 'read_file', parameters: { path: 'string' } } },
    ] as const;
    const { choices } = await chat.create({ ...question, tools, tool_choice: 'required' });
    const call = choices[0]?.message.tool_calls?.[0];
    expect(call?.function.name).toBe('read_file');
  });

  it('ends with the signal', async () => {
    const chat = chatOf(await customer());
    const signal = AbortSignal.timeout(100);
    await expect(chat.create(ask, { ...steer('delay=30s'), signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});

describe('LLMTune inference', () => {
  it('answers whole, and in pieces', async () => {
    const client = await customer();
    const whole = await client.inference.create(M, prompt);
    expect(whole).toMatchObject({ model: M, tokens: expect.any(Number) });
    let text = '';
    for await (const chunk of client.inference.stream(M, prompt)) {
      text += chunk.text;
      if (chunk.done) expect(chunk.tokens).toBe(whole.tokens);
    }
    expect(text).toBe(whole.text);
    expect((await client.playground.create({ modelId: M, ...prompt })).text).toBe(whole.text);
    await expect(client.inference.create('nope/none', prompt)).rejects.toMatchObject({
      code: 'model_not_found',
    });
    await expect(client.inference.create('', prompt)).rejects.toThrow(TypeError);
    await expect(client.playground.create({ modelId: 'nope', ...prompt })).rejects.toMatchObject({
      code: 'model_not_found',
    });
  });
});

describe('LLMTune batches', () => {
  const order = {
    modelId: M,
    requests: [
      { id: 'a', ...prompt },
      { id: 'b', ...prompt },
    ],
  };

  it('are ordered once, and waited for', async () => {
    const client = await customer();
    const made = await client.batches.create(order, { idempotencyKey: 'b1' });
    expect(await client.batches.create(order, { idempotencyKey: 'b1' })).toEqual(made);
    const done = await client.batches.wait(made, quick);
    expect(done).toMatchObject({ status: 'completed', summary: { completed: 2, failed: 0 } });
    expect(done.results.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await client.batches.get(made.batchId)).toEqual(done);
    await expect(client.batches.create(order, { idempotencyKey: 'b1', headers: {} })).resolves.toEqual(made);
    await expect(
      client.batches.create({ ...order, requests: [] }, { idempotencyKey: 'b1' }),
    ).rejects.toMatchObject({ wireCode: expect.stringMatching(/invalid_request|idempotency_conflict/) });
  });

  it('that fail are thrown', async () => {
    const client = await customer();
    const made = await client.batches.create(order, steer('error=upstream_invalid_result'));
    await expect(client.batches.wait(made, quick)).rejects.toMatchObject({
      code: 'upstream_failed',
      generationId: made.batchId,
    });
    await expect(client.batches.get('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 'not_found',
      wireCode: 'batch_not_found',
    });
  });
});

describe('LLMTune training', () => {
  const order = () => ({
    baseModel: M,
    dataset: files.url('zorbs.jsonl'),
    hyperparameters: { epochs: 2, batchSize: 8 },
  });

  it('is started once, waited for, and gives a model', async () => {
    const client = await customer();
    const made = await client.training.start(order(), { idempotencyKey: 't1' });
    expect(await client.training.start(order(), { idempotencyKey: 't1' })).toEqual(made);
    const percents: (number | undefined)[] = [];
    const done = await client.training.wait(made, {
      ...quick,
      onProgress: ({ percent }) => percents.push(percent),
    });
    expect(percents.at(-1)).toBe(100);
    expect((await client.models.list()).data.map(({ id }) => id)).toContain(done.modelId);
    expect(await client.training.get(made.jobId)).toEqual(done);
    await expect(client.training.cancel(made.jobId)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('that fails or is canceled is thrown', async () => {
    const client = await customer();
    const made = await client.training.start(
      { ...order(), dataset: files.url('zorbs.jsonl') },
      steer('error=upstream_failed'),
    );
    await expect(client.training.wait(made, quick)).rejects.toMatchObject({ generationId: made.jobId });
    const slow = await client.training.start(order(), steer('delay=600s'));
    const waiting = client.training.wait(slow.jobId, quick);
    waiting.catch(() => undefined);
    expect(await client.training.cancel(slow.jobId)).toMatchObject({ status: 'cancelled' });
    await expect(waiting).rejects.toMatchObject({
      code: 'invalid_state',
      generationId: slow.jobId,
      // What was trained until then is charged.
      mayHaveBeenCharged: true,
    });
    await expect(client.training.get('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      wireCode: 'job_not_found',
    });
    await expect(client.training.start({ ...order(), baseModel: 'nope' })).rejects.toMatchObject({
      code: 'model_not_found',
    });
  });
});

describe('LLMTune', () => {
  it('lists its models', async () => {
    const client = await customer();
    const { data } = await client.models.list();
    const every = await client.models.list({ inactiveToo: true });
    expect(every.count).toBeGreaterThan(data.length);
    expect((await client.agent.models()).data.map(({ id }) => id)).toContain(M);
  });

  it('tells what was used, and whether it is up', async () => {
    const client = await customer();
    await client.chat.create(ask);
    expect((await client.usage()).data).toMatchObject({ requests: 1, currency: 'USD' });
    await expect(client.usage({ from: 'yesterday' })).rejects.toMatchObject({ status: 400 });
    expect(await client.health()).toEqual({ status: 'ok' });
    const nobody = createLLMTuneClient({ baseUrl: `${gateway.url}/llmtune`, apiKey: 'sk_live_nope' });
    await expect(nobody.models.list()).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
