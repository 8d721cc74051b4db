import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { waitForEnd } from '../../../../gateway/src/gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../../../../gateway/src/testing/gateway.ts';
import { all } from '../../../testing/all.ts';
import { type BadServer, refuse, startBadServer } from '../../../testing/bad-server.ts';
import { startCuttingProxy } from '../../../testing/cutting-proxy.ts';
import { type Client, type ClientOptions, createClient, type Generation } from '../../index.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close(0));

const MUG = { model: 'genlock/image', input: { prompt: 'a red mug', size: '256x256' } } as const;
const BOAT = { model: 'genlock/video', input: { prompt: 'a boat', resolution: '240p', seconds: 1 } } as const;
const SEA = { model: 'genlock/text', input: { prompt: 'Tell me of the sea.', max_tokens: 24 } } as const;
const steer = (steering: string) => ({ headers: { 'genlock-sandbox': steering } });

const LIMITS = { requests_per_minute: 10_000, reads_per_minute: 10_000, unfinished_jobs: 1000 };

async function customer(options: Partial<ClientOptions> & { credit_usd?: string } = {}): Promise<Client> {
  const { credit_usd = '100', ...rest } = options;
  const { key } = await gateway.customer({ dialect: 'native', credit_usd, key: { limits: LIMITS } });
  return createClient({ baseUrl: `${gateway.url}/v1`, apiKey: key.key, ...rest });
}

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

describe('the events of a generation', () => {
  it('come each once, also over connections that break', async () => {
    const proxy = await startCuttingProxy(gateway.url);
    try {
      const client = await customer();
      const { key } = await gateway.customer({ dialect: 'native', key: { limits: LIMITS } });
      const far = createClient({ baseUrl: `${proxy.url}/v1`, apiKey: key.key });
      const { id } = await far.generations.create(BOAT, steer('delay=400ms'));
      // In the middle of one event, and behind another.
      proxy.cutAfter(/event: crea/, /event: created\ndata: [^\n]*\n\n/, /event: started\n/);
      const told: string[] = [];
      for await (const event of far.generations.stream(id)) {
        told.push(event.type === 'progress' ? event.id : event.type);
        if (event.type === 'ended') expect(event.data.status).toBe('succeeded');
      }
      expect(told.filter((name) => !name.startsWith('3.'))).toEqual(['created', 'started', 'ended']);
      expect(new Set(told).size).toBe(told.length);
      expect(proxy.connections).toBeGreaterThan(3);
      await expect(client.generations.stream(id).next()).rejects.toMatchObject({ code: 'not_found' });
    } finally {
      await proxy.close();
    }
  });

  it('go on behind what was seen, and are over for who has seen the end', async () => {
    const client = await customer();
    const { id } = await client.generations.run(MUG);
    const everything = await all(client.generations.stream(id));
    const rest = await all(client.generations.stream(id, { lastEventId: '1' }));
    expect(rest).toEqual(everything.slice(1));
    expect(await all(client.generations.stream(id, { lastEventId: '4' }))).toEqual([]);
  });

  it('end with the signal', async () => {
    const client = await customer();
    const { id } = await client.generations.create(BOAT, steer('delay=600s'));
    const controller = new AbortController();
    const events = client.generations.stream(id, { signal: controller.signal });
    expect((await events.next()).value).toMatchObject({ type: 'created' });
    controller.abort(new Error('enough'));
    await expect(all(events)).rejects.toThrow('enough');
    await client.generations.cancel(id);
  });
});

describe('events of a server that breaks off again and again', () => {
  const stream = (events: string) => (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`: ping\n\n${events}`, () => response.destroy());
  };
  const event = (id: string, name: string) => `id: ${id}\nevent: ${name}\ndata: {"percent":1}\n\n`;
  let server: BadServer;
  beforeAll(async () => {
    server = await startBadServer();
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await server.close();
  });
  const follow = () => all(createClient({ baseUrl: server.url, apiKey: 'k' }).generations.stream('x'));

  it('are given up after a while', async () => {
    server.next(...Array.from({ length: 99 }, () => stream('')));
    await expect(follow()).rejects.toMatchObject({ code: 'upstream_unavailable', dialect: 'native' });
    expect(server.arrivals.length).toBe(8);
    server.next(stream(''), refuse(404, { code: 'not_found', title: 't' }));
    await expect(follow()).rejects.toMatchObject({ code: 'not_found' });
    server.next(refuse(503, 'down', { 'retry-after': '3600' }));
    await expect(follow()).rejects.toMatchObject({ code: 'upstream_unavailable', status: 503 });
  });

  it('are told once, even where what was seen gets lost on the way, and what is new is left out', async () => {
    server.next(
      stream(event('1', 'created')),
      stream(event('1', 'created') + event('2', 'napping') + event('3.5', 'progress')),
      refuse(503, 'down', { 'retry-after': '0' }),
      stream(event('1', 'created') + event('3.5', 'progress') + event('4', 'ended')),
    );
    expect((await follow()).map(({ id }) => id)).toEqual(['1', '3.5', '4']);
  });
});

describe('text while it is written', () => {
  const textOf = async (client: Client, options?: Parameters<Client['generations']['streamText']>[1]) => {
    let text = '';
    let last: Generation | undefined;
    for await (const event of client.generations.streamText(SEA, options)) {
      if (event.type === 'delta') text += event.text;
      else if (event.type !== 'tool_calls') last = event.generation;
    }
    return { text, last };
  };

  it('comes in pieces, and once for a key', async () => {
    const client = await customer();
    const first = await textOf(client, { idempotencyKey: 'tale' });
    expect(first.text).toMatch(/\w+ \w+/);
    expect(first.last).toMatchObject({ status: 'succeeded', usage: { output_tokens: expect.any(Number) } });
    expect(await textOf(client, { idempotencyKey: 'tale' })).toMatchObject({
      text: '',
      last: { id: first.last?.id },
    });
  });

  it('may be calls of tools, and says why it stopped', async () => {
    const client = await customer();
    const tools = [{ name: 'get_weather', parameters: { type: 'object', properties: { city: {} } } }];
    const asking = { ...SEA, input: { prompt: 'How is the weather in Oslo?', tools } };
    const told = [];
    for await (const event of client.generations.streamText(asking)) told.push(event);
    expect(told).toContainEqual({
      type: 'tool_calls',
      calls: [{ id: expect.any(String), name: 'get_weather', arguments: expect.any(String) }],
    });
    expect(told.at(-1)).toMatchObject({ type: 'ended', finishReason: 'tool_calls' });
    expect(told.at(-1)).not.toHaveProperty('generation.finish_reason');
  });

  it('is an error before the first piece', async () => {
    const client = await customer();
    await expect(textOf(client, steer('error=content_rejected at=admit'))).rejects.toMatchObject({
      code: 'content_rejected',
      status: 422,
    });
  });

  it('that breaks off is nothing to be ordered again blindly', async () => {
    const proxy = await startCuttingProxy(gateway.url);
    try {
      const { key } = await gateway.customer({ dialect: 'native' });
      const client = createClient({ baseUrl: `${proxy.url}/v1`, apiKey: key.key });
      proxy.cutAfter(/event: delta\n/);
      await expect(textOf(client)).rejects.toMatchObject({
        code: 'outcome_unknown',
        mayHaveBeenCharged: true,
        generationId: expect.stringMatching(/^gen_/),
      });
    } finally {
      await proxy.close();
    }
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

describe('files', () => {
  it.each([
    ['bytes', (bytes: Uint8Array<ArrayBuffer>) => bytes],
    ['a buffer', (bytes: Uint8Array<ArrayBuffer>) => bytes.buffer],
    ['a blob', (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes], { type: 'image/png' })],
    ['a file', (bytes: Uint8Array<ArrayBuffer>) => new File([bytes], 'mug.png')],
  ])('are brought as %s, and worked on', async (_name, content) => {
    const client = await customer();
    const { output } = await client.generations.run(MUG);
    const bytes = await client.assets.download(output.assets[0]?.id ?? '');
    const asset = await client.assets.upload(content(bytes));
    expect(asset).toMatchObject({ bytes: bytes.byteLength, content_type: 'image/png', generation_id: null });
    const { input } = await client.generations.run({
      model: 'genlock/image',
      input: { prompt: 'at night', images: [asset.id] },
    });
    expect(input).toMatchObject({ images: [expect.stringContaining(asset.id)] });
  });

  it('are refused where they are none', async () => {
    const client = await customer();
    await expect(client.assets.upload(new TextEncoder().encode('no picture'))).rejects.toMatchObject({
      code: 'invalid_media',
      advice: 'fix_input',
    });
    await expect(client.assets.get('asset_nope')).rejects.toMatchObject({ code: 'not_found' });
    await expect(client.assets.get('')).rejects.toThrow(TypeError);
  });

  it('are held against what was told of them', async () => {
    const client = await customer();
    const { output } = await client.generations.run(MUG);
    const [asset] = output.assets;
    if (asset === undefined) throw new Error('no asset');
    const other = { ...asset, sha256: '0'.repeat(64) };
    await expect(client.assets.download(other)).rejects.toMatchObject({ code: 'upstream_invalid_result' });
    await expect(client.assets.download({ ...asset, bytes: 7 })).rejects.toMatchObject({
      code: 'upstream_invalid_result',
    });
    await expect(client.assets.download(asset, { maxBytes: 100 })).rejects.toMatchObject({
      code: 'media_too_large',
    });
    const part = await client.assets.content(asset, { range: 'bytes=0-7' });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 8]);
  });

  it('are fetched again when the connection broke', async () => {
    const proxy = await startCuttingProxy(gateway.url);
    try {
      const { key } = await gateway.customer({ dialect: 'native', key: { limits: LIMITS } });
      const client = createClient({ baseUrl: `${proxy.url}/v1`, apiKey: key.key });
      const { output } = await client.generations.run(MUG);
      const [asset] = output.assets;
      if (asset === undefined) throw new Error('no asset');
      proxy.cutAfter(/\x89PNG/);
      expect((await client.assets.download(asset)).byteLength).toBe(asset.bytes);
    } finally {
      await proxy.close();
    }
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
  await waitForEnd(gateway.core, made.id, 30_000);
  const [read] = (await client.generations.list().page()).data;
  if (read === undefined) throw new Error('no generation');
  const deaf = await customer({ fetch: () => Promise.reject(new Error('must not be called')) });
  expect(await deaf.generations.wait(read)).toBe(read);
});
