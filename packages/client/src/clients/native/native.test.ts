import { describe, expect, it } from 'vitest';
import { waitForEnd } from '../../../../gateway/src/gateway/waiting/wait.ts';
import { all } from '../../../testing/all.ts';
import { BOAT, besideGateway, MUG, SEA, steer } from '../../../testing/native-customer.ts';
import { createClient } from '../../index.ts';

const { customer, gateway } = besideGateway();

describe('generations', () => {
  it('are ordered, waited for, read and fetched', async () => {
    const client = await customer();
    const made = await client.generations.create(MUG, { idempotencyKey: 'order-1' });
    expect(made).toMatchObject({ object: 'generation', model: MUG.model, error: null });
    const again = await client.generations.create(MUG, { idempotencyKey: 'order-1' });
    expect(again.id).toBe(made.id);
    const done = await client.generations.wait(made);
    const [asset] = done.output.assets;
    if (asset === undefined) throw new Error('no asset');
    expect(asset).toMatchObject({ content_type: 'image/png', width: 256 });
    expect((await client.assets.download(asset)).byteLength).toBe(asset.bytes);
    expect(await client.assets.get(asset.id)).toEqual(asset);
    expect(await client.generations.get(made.id)).toEqual(done);
  });

  it('of text tell what was written', async () => {
    const client = await customer();
    const { output } = await client.generations.run(SEA);
    expect(output.text).toMatch(/\w/);
  });

  it('that fail are thrown by wait and run', async () => {
    const client = await customer();
    const failing = client.generations.run(MUG, steer('error=content_rejected'));
    await expect(failing).rejects.toMatchObject({
      code: 'content_rejected',
      advice: 'rewrite_prompt',
      dialect: 'native',
      mayHaveBeenCharged: false,
      generationId: expect.stringMatching(/^gen_/),
    });
  });

  it('are canceled, which ends a wait', async () => {
    const client = await customer();
    const made = await client.generations.create(BOAT, steer('delay=600s'));
    const waiting = client.generations.wait(made.id);
    waiting.catch(() => undefined);
    expect(await client.generations.cancel(made.id)).toMatchObject({ status: 'canceled' });
    await expect(waiting).rejects.toMatchObject({ code: 'invalid_state', generationId: made.id });
    const { id } = await client.generations.run(MUG);
    await expect(client.generations.cancel(id)).rejects.toMatchObject({
      code: 'invalid_state',
      status: 409,
    });
  });

  it('are retried where they failed', async () => {
    const client = await customer();
    const made = await client.generations.create(MUG, { waitSeconds: 30, ...steer('error=upstream_failed') });
    expect(made).toMatchObject({ status: 'failed', error: { code: 'upstream_failed' } });
    const again = await client.generations.retry(made.id, { waitSeconds: 30 });
    expect(again).toMatchObject({ status: 'succeeded', retry_of: made.id });
  });

  it('are listed page by page', async () => {
    const client = await customer();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await client.generations.create(MUG)).id);
    const list = client.generations.list({ limit: 2, model: MUG.model });
    const listed: string[] = [];
    for await (const { id } of list) listed.push(id);
    expect(listed).toEqual(made);
    const first = await list.page();
    expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
    const second = await list.page(first.next_cursor ?? '');
    expect(second.data.map(({ id }) => id)).toEqual(made.slice(2, 4));
    await expect(list.page('nonsense')).rejects.toMatchObject({ code: 'invalid_parameter', param: 'cursor' });
  });

  it('are found by the key that they were ordered under', async () => {
    const client = await customer();
    const { id } = await client.generations.create(MUG, { idempotencyKey: 'mine' });
    const { data } = await client.generations.list({ idempotencyKey: 'mine' }).page();
    expect(data.map((one) => one.id)).toEqual([id]);
  });

  it('are waited for in time only, and go on', async () => {
    const client = await customer();
    const made = await client.generations.create(BOAT, steer('delay=600s'));
    const begin = performance.now();
    const waiting = client.generations.wait(made, { timeoutMs: 1200 });
    await expect(waiting).rejects.toMatchObject({
      code: 'outcome_unknown',
      generationId: made.id,
      mayHaveBeenCharged: true,
    });
    expect(performance.now() - begin).toBeGreaterThan(1000);
    expect(await client.generations.get(made.id)).toMatchObject({ error: null });
    await client.generations.cancel(made.id);
  });

  it('are waited for until the signal says otherwise', async () => {
    const client = await customer();
    const made = await client.generations.create(BOAT, steer('delay=600s'));
    const controller = new AbortController();
    const waiting = client.generations.wait(made, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const { signal } = controller;
    await expect(client.generations.create(MUG, { signal })).rejects.toThrow('enough');
    await client.generations.cancel(made.id);
  });

  it('tell how they go on', async () => {
    const client = await customer();
    const states: (string | undefined)[] = [];
    await client.generations.run(BOAT, {
      ...steer('delay=300ms'),
      onProgress({ state }) {
        states.push(state);
        throw new Error('a bar that broke');
      },
    });
    expect(states.at(-1)).toBe('succeeded');
    expect(states.length).toBeGreaterThan(1);
  });
});

describe('money and models', () => {
  it('are told', async () => {
    const client = await customer({ credit_usd: '5' });
    const { data } = await client.models.list();
    const [model] = data;
    if (model === undefined) throw new Error('no model');
    expect(await client.models.get(model.id)).toEqual(model);
    await expect(client.models.get('no/such')).rejects.toMatchObject({ code: 'not_found' });
    expect(await client.quote(MUG)).toMatchObject({ object: 'quote', usd: '0.01' });
    expect(await client.balance()).toMatchObject({ available_usd: '5', held_usd: '0' });
    await client.generations.run(MUG);
    expect(await client.balance()).toMatchObject({ available_usd: '4.99' });
    expect(await client.usage()).toMatchObject({
      charged_usd: '0.01',
      data: [{ model: MUG.model, requests: 1 }],
    });
    await expect(client.usage({ from: 'yesterday' })).rejects.toMatchObject({ param: 'from' });
  });

  it('run out', async () => {
    const client = await customer({ credit_usd: '0.001' });
    await expect(client.generations.create(MUG)).rejects.toMatchObject({
      code: 'insufficient_credits',
      advice: 'top_up',
      status: 402,
    });
  });
});

describe('webhooks', () => {
  it('are set up, sent again and switched off', async () => {
    const client = await customer();
    const { endpoints, deliveries } = client.webhooks;
    const made = await endpoints.create({ url: 'http://127.0.0.1:9/hook', events: ['generation.succeeded'] });
    expect(made.secret).toMatch(/^whsec_/);
    const { id } = await client.generations.run(MUG);
    expect((await endpoints.list()).data).toMatchObject([{ id: made.id, events: ['generation.succeeded'] }]);
    const sent = await all(endpoints.deliveries(made.id, { limit: 1 }));
    expect(sent).toMatchObject([{ event: 'generation.succeeded', generation_id: id, endpoint_id: made.id }]);
    expect((await client.generations.deliveries(id)).data).toHaveLength(1);
    const one = await deliveries.get(sent[0]?.id ?? '');
    expect(one.id).toBe(sent[0]?.id);
    expect(await deliveries.redeliver(one.id)).toMatchObject({ id: one.id });
    const rotated = await endpoints.rotateSecret(made.id, { overlapSeconds: 60 });
    expect(rotated.secret).not.toBe(made.secret);
    expect(await endpoints.update(made.id, { status: 'disabled' })).toMatchObject({ status: 'disabled' });
    expect(await endpoints.get(made.id)).toMatchObject({ status: 'disabled' });
    await endpoints.delete(made.id);
    await expect(endpoints.get(made.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(endpoints.create({ url: 'ftp://x' })).rejects.toMatchObject({ param: 'url' });
  });

  it('of orders have a secret', async () => {
    const { webhooks } = await customer();
    const before = await webhooks.secret.get();
    expect(await webhooks.secret.rotate()).not.toEqual(before);
  });
});

describe('calls', () => {
  it('whose answer is lost are made again with their key, and done once', async () => {
    let lost = 0;
    const retried: unknown[] = [];
    const client = await customer({
      onRetry: ({ attempt, method }) => retried.push([attempt, method]),
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (init?.method !== 'POST' || lost > 0) return response;
        lost += 1;
        throw new TypeError('fetch failed');
      },
    });
    const { id } = await client.generations.create(MUG);
    expect((await all(client.generations.list())).map((one) => one.id)).toEqual([id]);
    expect([lost, retried]).toEqual([1, [[1, 'POST']]]);
  });

  it('to nobody, or to who leads elsewhere, are errors of the dialect', async () => {
    const nobody = createClient({ baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'k', attempts: 1 });
    await expect(nobody.balance()).rejects.toMatchObject({
      code: 'upstream_unavailable',
      dialect: 'native',
      advice: 'wait',
    });
    const down = (cause: Error) =>
      customer({ attempts: 1, fetch: () => Promise.reject(new TypeError('fetch failed', { cause })) });
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4010'), { code: 'ECONNREFUSED' });
    await expect((await down(refused)).balance()).rejects.toThrow('(connect ECONNREFUSED 127.0.0.1:4010)');
    const both = Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' });
    await expect((await down(both)).generations.create(MUG)).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: 'native: no answer, or only a part of one (ECONNREFUSED).',
      mayHaveBeenCharged: false,
    });
    const elsewhere = await customer({
      fetch: async () => new Response(null, { status: 308, headers: { location: '/' } }),
    });
    await expect(elsewhere.balance()).rejects.toMatchObject({ code: 'route_not_found', status: 308 });
    const page = await customer({ fetch: async () => new Response('<html>') });
    await expect(page.balance()).rejects.toMatchObject({
      code: 'upstream_invalid_result',
      mayHaveBeenCharged: false,
    });
    await expect(page.generations.create(MUG, { idempotencyKey: 'k1' })).rejects.toMatchObject({
      code: 'outcome_unknown',
      mayHaveBeenCharged: true,
      idempotencyKey: 'k1',
    });
    const half = await customer({
      fetch: async () =>
        new Response(new ReadableStream({ pull: (body) => body.error(new TypeError('terminated')) })),
    });
    await expect(half.generations.create(MUG)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await expect(half.balance()).rejects.toMatchObject({ code: 'upstream_unavailable' });
  });
});

it('knows how a job of the gateway ended before it asks', async () => {
  const client = await customer();
  const made = await client.generations.create(MUG);
  await waitForEnd(gateway().core, made.id, 30_000);
  const [read] = (await client.generations.list().page()).data;
  if (read === undefined) throw new Error('no generation');
  const deaf = await customer({ fetch: () => Promise.reject(new Error('must not be called')) });
  expect(await deaf.generations.wait(read)).toBe(read);
});
