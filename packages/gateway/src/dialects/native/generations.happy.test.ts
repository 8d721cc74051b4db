import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { customer, ended, IMAGE, idOf, ledgerOf, SPEECH, started, TEXT, VIDEO } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const WAIT = { prefer: 'wait=45' };

interface Output {
  readonly assets: readonly { readonly id: string; readonly url: string; readonly bytes: number }[];
  readonly text: string | null;
}

describe('a generation', () => {
  it('is accepted, made, read and fetched', async () => {
    const { id: account, call } = await customer(gateway);
    const created = await call('POST', '/generations', { ...IMAGE, metadata: { order: 'A-17' } });
    expect(created.status).toBe(202);
    const id = idOf(created);
    expect(id).toMatch(/^gen_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(created.headers.get('location')).toBe(`/v1/generations/${id}`);
    expect(created.headers.get('preference-applied')).toBeNull();
    expect(created.json).toMatchObject({
      object: 'generation',
      dialect: 'native',
      model: 'genlock/image',
      kind: 'image',
      mode: 'live',
      input: { ...IMAGE.input, count: 1, format: 'png', seed: expect.any(Number) },
      metadata: { order: 'A-17' },
      output: null,
      error: null,
      usage: null,
      cost: { quoted_usd: '0.01', held_usd: '0.01', charged_usd: '0', released_usd: '0' },
      retry_of: null,
    });

    const done = await ended(gateway, call, id);
    expect(done.json).toMatchObject({
      status: 'succeeded',
      error: null,
      usage: { images: 1 },
      cost: { quoted_usd: '0.01', held_usd: '0', charged_usd: '0.01', released_usd: '0' },
      output: { text: null, assets: [{ content_type: 'image/png', width: 256, height: 256, index: 0 }] },
    });
    const [asset] = (done.json.output as Output).assets;
    expect(asset?.url).toBe(`${gateway.url}/v1/assets/${asset?.id}/content`);
    const content = await call('GET', `/assets/${asset?.id}/content`);
    expect([content.status, content.headers.get('content-length')]).toEqual([200, String(asset?.bytes)]);
    expect((await call('GET', `/assets/${asset?.id}`)).json).toEqual(asset);
    expect(await ledgerOf(gateway, account)).toEqual(['top_up 100', 'hold 0.01', 'capture 0.01']);
    expect((await call('GET', '/balance')).json).toMatchObject({ available_usd: '99.99', held_usd: '0' });
  });

  it.each([
    ['image', { ...IMAGE, input: { ...IMAGE.input, count: 2, format: 'webp' } }, 'image/webp', '0.02'],
    ['video', VIDEO, 'video/mp4', '0.02'],
    ['speech', SPEECH, 'audio/wav', '0.000195'],
  ])('of kind %s comes at once to who prefers to wait', async (kind, body, contentType, usd) => {
    const { call } = await customer(gateway);
    const created = await call('POST', '/generations', body, WAIT);
    expect([created.status, created.headers.get('preference-applied')]).toEqual([201, 'wait=45']);
    expect(created.json).toMatchObject({ kind, status: 'succeeded', cost: { charged_usd: usd } });
    const { assets } = created.json.output as Output;
    for (const asset of assets) expect(asset).toMatchObject({ content_type: contentType });
    expect(assets).toHaveLength(kind === 'image' ? 2 : 1);
  });

  it('of text is shown with what was written, and billed for it', async () => {
    const { call } = await customer(gateway);
    const created = await call('POST', '/generations', TEXT, WAIT);
    expect(created.json).toMatchObject({
      status: 'succeeded',
      output: { text: expect.stringMatching(/\w/) },
    });
    const { input_tokens, output_tokens } = created.json.usage as Record<string, number>;
    const cost = created.json.cost as Record<string, string>;
    const micros = Math.round(((input_tokens ?? 0) * 150_000 + (output_tokens ?? 0) * 600_000) / 1_000_000);
    expect(Number(cost.charged_usd)).toBeCloseTo(micros / 1_000_000, 6);
    expect(output_tokens).toBeLessThanOrEqual(24);
    const { data } = (await call('GET', '/generations')).json as { data: { output: Output }[] };
    expect(data[0]?.output.text).toBeNull();
  });

  it('is ordered with nulls for whatever is not set, wherever it stands', async () => {
    const { call } = await customer(gateway);
    const metadata = { a: null };
    const webhook = { url: 'http://127.0.0.1:4011/', events: null };
    const image = { ...IMAGE, input: { ...IMAGE.input, seed: null }, metadata, webhook, stream: null };
    const made = await call('POST', '/generations', image);
    expect([made.status, made.json.metadata]).toEqual([202, metadata]);
    const parameters = { type: 'object', properties: { unit: { enum: ['C', null] } } };
    const chat = {
      messages: [{ role: 'user', content: 'Hi', tool_calls: null, tool_call_id: null }],
      tools: [{ name: 'weather', description: null, parameters }],
      max_tokens: 4,
    };
    const order = { model: TEXT.model, stream: true, input: chat };
    const told = await call('POST', '/generations', order);
    expect(told.status).toBe(200);
    expect(told.text).toContain(JSON.stringify(parameters));
  });

  it('is free with a test key, also without credits', async () => {
    const { call, id } = await customer(gateway, { credit_usd: '0', key: { mode: 'test' } });
    const created = await call('POST', '/generations', IMAGE, WAIT);
    expect(created.json).toMatchObject({
      mode: 'test',
      status: 'succeeded',
      cost: { quoted_usd: '0', charged_usd: '0' },
    });
    expect((await call('GET', '/balance')).json).toMatchObject({ mode: 'test', available_usd: null });
    expect(await ledgerOf(gateway, id)).toEqual([]);
  });

  it('that is still under way when the preferred time is over reads as accepted', async () => {
    const { call } = await customer(gateway);
    const slow = { 'genlock-sandbox': 'delay=600s', prefer: 'respond-async, wait=0' };
    const created = await call('POST', '/generations', IMAGE, slow);
    expect([created.status, created.headers.get('preference-applied')]).toEqual([202, 'wait=0']);
    await started(gateway, idOf(created));
    expect(
      (await call('GET', `/generations/${idOf(created)}`, undefined, { prefer: 'wait=0' })).json,
    ).toMatchObject({ status: 'running' });
    await call('POST', `/generations/${idOf(created)}/cancel`);
  });

  it('that was asked for in another dialect is seen, and canceled, all the same', async () => {
    const { call, key } = await customer(gateway, { dialect: 'kiara' });
    const ordered = await fetch(`${gateway.url}/kiara/v1/generations`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.key}`,
        'content-type': 'application/json',
        'genlock-sandbox': 'delay=600s',
      },
      body: JSON.stringify({ prompt: 'a mug' }),
    });
    const { id } = (await ordered.json()) as { id: string };
    expect((await call('GET', `/generations/${id}`)).json).toMatchObject({
      dialect: 'kiara',
      model: 'kiara-image-pro',
    });
    expect((await call('GET', '/generations')).json.data).toMatchObject([{ id }]);
    expect((await call('GET', '/generations?dialect=native')).json.data).toEqual([]);
    const canceled = await call('POST', `/generations/${id}/cancel`);
    expect(canceled.json).toMatchObject({
      status: 'canceled',
      cost: { charged_usd: '0', released_usd: '0.1' },
    });
  });
});

describe('a cancel', () => {
  it('ends a running one with its whole hold released, once and again', async () => {
    const { id: account, call } = await customer(gateway);
    const id = idOf(await call('POST', '/generations', IMAGE, { 'genlock-sandbox': 'delay=600s' }));
    await started(gateway, id);
    const first = await call('POST', `/generations/${id}/cancel`);
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject({ status: 'canceled', cost: { held_usd: '0', released_usd: '0.01' } });
    expect((await call('POST', `/generations/${id}/cancel`)).json).toEqual(first.json);
    expect(await ledgerOf(gateway, account)).toEqual(['top_up 100', 'hold 0.01', 'release 0.01']);
  });
});

describe('a retry', () => {
  it('runs a failed one again as a new one', async () => {
    const { id: account, call } = await customer(gateway);
    const failing = { 'genlock-sandbox': 'error=content_rejected', ...WAIT };
    const failed = await call('POST', '/generations', { ...IMAGE, metadata: { a: 1 } }, failing);
    expect(failed.status).toBe(201);
    expect(failed.json).toMatchObject({
      status: 'failed',
      error: {
        code: 'content_rejected',
        blame: 'caller',
        retry: 'after_fix',
        request_id: expect.any(String),
      },
    });
    const headers = { 'idempotency-key': '"again"', ...WAIT };
    const again = await call('POST', `/generations/${idOf(failed)}/retry`, undefined, headers);
    expect(again.status).toBe(201);
    expect(again.json).toMatchObject({
      status: 'succeeded',
      retry_of: idOf(failed),
      metadata: { a: 1 },
      input: failed.json.input,
    });
    const replayed = await call('POST', `/generations/${idOf(failed)}/retry`, undefined, headers);
    expect([replayed.status, idOf(replayed)]).toEqual([200, idOf(again)]);
    expect(await ledgerOf(gateway, account)).toEqual([
      'top_up 100',
      'hold 0.01',
      'release 0.01',
      'hold 0.01',
      'capture 0.01',
    ]);
  });
});

describe('an order that stands', () => {
  it('is told as such, and not as failed, where it cannot be read just then', async () => {
    const { id: account, call } = await customer(gateway);
    const fault = (point: string, times: number) =>
      gateway.admin('POST', '/faults', { point, effect: 'error', times });
    await fault('store.read', 1);
    const created = await call('POST', '/generations', IMAGE);
    expect([created.status, created.json.status]).toEqual([202, 'queued']);
    // The text was made and charged, but cannot be read.
    await fault('assets.read', 1);
    const written = await call('POST', '/generations', TEXT, WAIT);
    expect([written.status, written.json.status]).toEqual([202, 'queued']);
    await gateway.admin('DELETE', '/faults');
    for (const one of [created, written]) {
      const id = idOf(one);
      expect(one.headers.get('location')).toBe(`/v1/generations/${id}`);
      expect((await ended(gateway, call, id)).json.status).toBe('succeeded');
    }
    expect((await ledgerOf(gateway, account)).filter((line) => line.startsWith('hold'))).toHaveLength(2);
  });

  it('is waited for although the store cannot be read for a moment', async () => {
    const { call } = await customer(gateway);
    await gateway.admin('POST', '/faults', { point: 'store.read', effect: 'error', times: 2 });
    const created = await call('POST', '/generations', IMAGE, WAIT);
    expect([created.status, created.json.status]).toEqual([201, 'succeeded']);
    await gateway.admin('DELETE', '/faults');
  });
});

describe('an idempotent replay', () => {
  it('gives the same generation as it then is, quoted or not, however the JSON is written', async () => {
    const { id: account, call } = await customer(gateway);
    const first = await call(
      'POST',
      '/generations',
      '{"model":"genlock/image","input":{"prompt":"x","size":"256x256"}}',
      {
        'idempotency-key': '"order \\"17\\""',
        ...WAIT,
      },
    );
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const second = await call(
      'POST',
      '/generations',
      ' {"input": {"size": "256x256", "prompt": "x"}, "model": "genlock/image"}',
      { 'idempotency-key': '"order \\"17\\""' },
    );
    expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect(second.json).toEqual(first.json);
    const quoted = await call('POST', '/generations', IMAGE, { 'idempotency-key': '"k"' });
    expect(idOf(await call('POST', '/generations', IMAGE, { 'idempotency-key': 'k' }))).toBe(idOf(quoted));
    expect((await ledgerOf(gateway, account)).filter((line) => line.startsWith('hold'))).toHaveLength(2);
  });

  it('makes one of many equal calls at once', async () => {
    const { call } = await customer(gateway);
    const calls = Array.from({ length: 8 }, () =>
      call('POST', '/generations', IMAGE, { 'idempotency-key': 'same', ...WAIT }),
    );
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });
});

describe('lists', () => {
  it('find what was ordered under a key, for its caller alone', async () => {
    const { call } = await customer(gateway);
    const other = await customer(gateway);
    const id = idOf(await call('POST', '/generations', IMAGE, { 'idempotency-key': '"a b"' }));
    const found = async (by: typeof call, key: string) => {
      const { json } = await by('GET', `/generations?idempotency_key=${encodeURIComponent(key)}`);
      return { ids: (json.data as { id: string }[]).map((one) => one.id), next: json.next_cursor };
    };
    for (const written of ['a b', '"a b"'])
      expect(await found(call, written)).toEqual({ ids: [id], next: null });
    expect(await found(call, 'another')).toEqual({ ids: [], next: null });
    expect(await found(other.call, 'a b')).toEqual({ ids: [], next: null });
  });

  it('are paged by keyset, newest first, and filtered', async () => {
    const { call } = await customer(gateway, { key: { mode: 'test' } });
    const slow = { 'genlock-sandbox': 'delay=600s' };
    const ids: string[] = [];
    for (const body of [IMAGE, TEXT, IMAGE, TEXT, TEXT])
      ids.unshift(idOf(await call('POST', '/generations', body, slow)));
    await call('POST', `/generations/${ids[0]}/cancel`);
    const page = async (query: string) =>
      (await call('GET', `/generations?${query}`)).json as {
        data: { id: string }[];
        next_cursor: string | null;
      };
    const idsOf = async (query: string) => (await page(query)).data.map(({ id }) => id);

    const first = await page('limit=2');
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = await page(`limit=2&cursor=${first.next_cursor}`);
    expect(second.data.map(({ id }) => id)).toEqual(ids.slice(2, 4));
    const third = await page(`limit=2&cursor=${second.next_cursor}`);
    expect([third.data.map(({ id }) => id), third.next_cursor]).toEqual([ids.slice(4), null]);
    expect(await idsOf('status=canceled')).toEqual([ids[0]]);
    expect(await idsOf('model=genlock/image')).toEqual([ids[2], ids[4]]);
    for (const id of ids) await call('POST', `/generations/${id}/cancel`);
  });
});

describe('a HEAD', () => {
  it('answers like GET, without a body', async () => {
    const { call } = await customer(gateway);
    const get = await call('GET', '/models');
    const head = await call('HEAD', '/models');
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([
      200,
      '',
      get.headers.get('content-length'),
    ]);
  });
});
