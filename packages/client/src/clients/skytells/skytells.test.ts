import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../../gateway/src/testing/gateway.ts';
import { all } from '../../../testing/all.ts';
import { startCuttingProxy } from '../../../testing/cutting-proxy.ts';
import { createSkytellsClient, type SkytellsClient } from '../../index.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close(0));

const IMG = { model: 'truefusion', input: { prompt: 'a red mug on oak' } };
const quick = { intervalMs: 50 };
const steer = (steering: string) => ({ headers: { 'genlock-sandbox': steering } });
const LIMITS = { requests_per_minute: 10_000, concurrent: 1000 };

async function customer(baseUrl = gateway.url): Promise<SkytellsClient> {
  const { key } = await gateway.customer({ dialect: 'skytells', key: { limits: LIMITS } });
  return createSkytellsClient({ baseUrl: `${baseUrl}/skytells/v1`, apiKey: key.key });
}

describe('Skytells predictions', () => {
  it('are ordered, waited for, read and fetched', async () => {
    const skytells = await customer();
    const made = await skytells.predictions.create(IMG);
    const done = await skytells.predictions.wait(made, quick);
    expect(done).toMatchObject({ status: 'succeeded', model: { name: 'truefusion' } });
    const [file] = done.metadata?.storage?.files ?? [];
    if (file === undefined) throw new Error('no file');
    expect((await skytells.download(file)).byteLength).toBe(file.size);
    expect((await skytells.download(String(done.output?.[0]))).byteLength).toBe(file.size);
    await expect(skytells.download({ ...file, size: 3 })).rejects.toMatchObject({
      code: 'upstream_invalid_result',
    });
    expect(await skytells.predictions.get(made.id)).toEqual(done);
    expect(await skytells.predictions.stream(made.id)).toEqual(done);
    expect(await skytells.predictions.create({ ...IMG, await: true })).toMatchObject({ status: 'succeeded' });
  });

  it('that fail read as failed, or are told by 502 whenever they are read: both are thrown at once', async () => {
    const skytells = await customer();
    const refused = await skytells.predictions.create(IMG, steer('error=content_rejected'));
    await expect(skytells.predictions.wait(refused, quick)).rejects.toMatchObject({
      code: 'upstream_failed',
      generationId: refused.id,
      message: 'NSFW content detected.',
    });
    await expect(
      skytells.predictions.create({ ...IMG, await: true }, steer('error=content_rejected')),
    ).rejects.toMatchObject({ code: 'upstream_failed', message: 'NSFW content detected.' });
    const broken = await skytells.predictions.create(IMG, steer('error=upstream_timeout'));
    await expect(skytells.predictions.wait(broken, quick)).rejects.toMatchObject({
      code: 'upstream_timeout',
      wireCode: 'INFERENCE_TIMEOUT',
      status: 502,
      retry: 'never',
      generationId: broken.id,
      mayHaveBeenCharged: false,
    });
    await expect(skytells.predictions.get('0b9d3a52-6c1e-4f0a-9d0e-3d1f6f5f2a11')).rejects.toMatchObject({
      code: 'access_denied',
    });
    await expect(skytells.predictions.create({ model: 'nope', input: {} })).rejects.toMatchObject({
      code: 'model_not_found',
      dialect: 'skytells',
    });
  });

  it('are canceled and deleted', async () => {
    const skytells = await customer();
    const made = await skytells.predictions.create(IMG, steer('delay=600s'));
    const waiting = skytells.predictions.wait(made, quick);
    waiting.catch(() => undefined);
    expect(await skytells.predictions.cancel(made.id)).toMatchObject({ status: 'cancelled', success: true });
    await expect(waiting).rejects.toMatchObject({ code: 'invalid_state' });
    expect(await skytells.predictions.delete(made.id)).toMatchObject({ id: made.id, success: true });
    await expect(skytells.predictions.get(made.id)).rejects.toMatchObject({ code: 'access_denied' });
    await expect(skytells.predictions.delete(made.id)).rejects.toMatchObject({ code: 'access_denied' });
  });

  it('are listed page by page', async () => {
    const skytells = await customer();
    for (let count = 0; count < 5; count += 1) await skytells.predictions.create(IMG);
    const list = skytells.predictions.list({ perPage: 2, model: 'truefusion' });
    expect(new Set((await all(list)).map(({ id }) => id)).size).toBe(5);
    expect((await list.page(3)).pagination).toEqual({ current_page: 3, per_page: 2, total: 5, last_page: 3 });
    await expect(skytells.predictions.list({ perPage: 51 }).page()).rejects.toMatchObject({
      wireCode: 'INVALID_PARAMETER',
    });
  });

  it('are waited for in vain by whoever has left', async () => {
    const skytells = await customer();
    const made = await skytells.predictions.create(IMG, steer('delay=600s'));
    const signal = AbortSignal.timeout(150);
    await expect(skytells.predictions.wait(made, { ...quick, signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});

describe('Skytells models', () => {
  it('are listed with what is asked for', async () => {
    const skytells = await customer();
    const models = await skytells.models.list();
    expect(models.find(({ namespace }) => namespace === 'truefusion')).not.toHaveProperty('input_schema');
    const one = await skytells.models.get('truefusion', { fields: ['input_schema', 'output_schema'] });
    expect(one).toMatchObject({ input_schema: { type: 'object' }, output_schema: { type: 'array' } });
    await expect(skytells.models.get('no/such')).rejects.toMatchObject({ code: 'model_not_found' });
  });
});

describe('Skytells inference', () => {
  const textModel = async (skytells: SkytellsClient): Promise<string> => {
    const models = await skytells.models.list();
    return models.find(({ type }) => type === 'text')?.namespace ?? '';
  };
  const ask = (model: string) => ({
    model,
    messages: [{ role: 'user' as const, content: 'Tell me of the sea.' }],
    max_completion_tokens: 16,
  });

  it('chats, whole and in pieces', async () => {
    const skytells = await customer();
    const model = await textModel(skytells);
    const whole = await skytells.chat.create(ask(model));
    expect(whole.choices[0]?.message.content).toMatch(/\w/);
    const order = { ...ask(model), stream_options: { include_usage: true } };
    const chunks = await all(skytells.chat.stream(order));
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(text).toMatch(/\w/);
    expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
    await expect(skytells.chat.create(ask('nope'))).rejects.toMatchObject({ code: 'model_not_found' });
    await expect(skytells.chat.stream(ask('nope')).next()).rejects.toMatchObject({ code: 'model_not_found' });
  });

  it('makes responses, whole and in events', async () => {
    const skytells = await customer();
    const order = { model: await textModel(skytells), input: 'Tell me of the sea.', max_output_tokens: 16 };
    const whole = await skytells.responses.create(order);
    expect(whole).toMatchObject({ object: 'response', output: [{ type: 'message' }] });
    let text = '';
    let last = '';
    for await (const event of skytells.responses.stream(order)) {
      if (event.type === 'response.output_text.delta') text += event.delta;
      last = event.type;
    }
    expect(text).toMatch(/\w/);
    expect(last).toMatch(/^response\.(?:completed|incomplete)$/);
    await expect(skytells.responses.create({ ...order, input: [] })).rejects.toMatchObject({
      param: 'input',
    });
  });

  it('makes vectors', async () => {
    const skytells = await customer();
    const models = await skytells.models.list();
    const model = models.find(({ capabilities }) => capabilities.join().includes('embed'))?.namespace ?? '';
    const { data } = await skytells.embeddings.create({ model, input: ['a', 'b'], dimensions: 8 });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    await expect(skytells.embeddings.create({ model, input: [] })).rejects.toMatchObject({ param: 'input' });
  });

  it('that breaks off is told as what it is', async () => {
    const proxy = await startCuttingProxy(gateway.url);
    try {
      const skytells = await customer(proxy.url);
      const model = await textModel(skytells);
      proxy.cutAfter(/"delta":\{"content"/);
      await expect(all(skytells.chat.stream(ask(model)))).rejects.toMatchObject({
        code: 'outcome_unknown',
        mayHaveBeenCharged: true,
      });
    } finally {
      await proxy.close();
    }
  });
});
