import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { B, type Call, caller, ended, idOf, started } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const customer = async (credit_usd = '100', key: object = {}) => {
  const { id, key: made } = await gateway.customer({ credit_usd, key });
  return { id, call: caller(gateway, made.key) };
};
const creditsOf = async (call: Call) => {
  const { credits, held, available } = (await call('GET', '/v1/balance')).json;
  return { credits, held, available };
};

describe('a generation', () => {
  it('is created, made, read and fetched', async () => {
    const { call } = await customer('1');
    const created = await call('POST', '/v1/generations', { ...B, seed: 7, metadata: { order: 'A-17' } });
    expect(created.status).toBe(202);
    const id = idOf(created);
    expect(id).toMatch(/^gen_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(created.headers.get('location')).toBe(`/kiara/v1/generations/${id}`);
    expect(created.headers.get('idempotent-replayed')).toBeNull();
    expect(created.json).toMatchObject({
      object: 'generation',
      status: 'queued',
      product: 'kiara-image-pro',
      mode: 'live',
      input: { prompt: B.prompt, aspect: 'portrait', seed: 7 },
      metadata: { order: 'A-17' },
      result: null,
      error: null,
      credits: { held: 10, charged: 0, refunded: 0 },
      retry_of: null,
    });

    const done = await ended(gateway, call, id);
    expect(done.json).toMatchObject({
      status: 'completed',
      metadata: { order: 'A-17' },
      error: null,
      credits: { held: 0, charged: 10, refunded: 0 },
      result: { content_type: 'image/jpeg', width: 832, height: 1216, duration_seconds: null },
    });
    const { asset_id, url, bytes } = done.json.result as { asset_id: string; url: string; bytes: number };
    expect(asset_id).toMatch(/^asset_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(url).toBe(`${gateway.url}/kiara/v1/assets/${asset_id}/content`);
    const content = await call('GET', `/v1/assets/${asset_id}/content`);
    expect(content.status).toBe(200);
    expect(content.headers.get('content-type')).toBe('image/jpeg');
    expect(content.headers.get('content-length')).toBe(String(bytes));
    expect(await creditsOf(call)).toEqual({ credits: 90, held: 0, available: 90 });
  });

  it('of a film is charged for what was delivered, and the rest of the hold comes back', async () => {
    const { call } = await customer('10');
    const body = { ...B, product: 'kiara-dream-fast', resolution: '480p', duration_seconds: 15 };
    const created = await call('POST', '/v1/generations', body, { 'genlock-sandbox': 'clip=12' });
    expect(created.json).toMatchObject({ credits: { held: 249 } });
    const done = await ended(gateway, call, idOf(created));
    expect(done.json).toMatchObject({
      status: 'completed',
      credits: { held: 0, charged: 199, refunded: 50 },
      result: { content_type: 'video/mp4', width: 854, height: 480, duration_seconds: 12 },
    });
    expect(await creditsOf(call)).toEqual({ credits: 801, held: 0, available: 801 });
  });

  it('is free with a sandbox key, also without credits', async () => {
    const { call } = await customer('0', { mode: 'test' });
    const created = await call('POST', '/v1/generations', B);
    expect(created.json).toMatchObject({ mode: 'sandbox', credits: { held: 0, charged: 0, refunded: 0 } });
    const done = await ended(gateway, call, idOf(created));
    expect(done.json).toMatchObject({ status: 'completed', credits: { held: 0, charged: 0, refunded: 0 } });
    const { available, ...rest } = await creditsOf(call);
    expect([available, rest]).toEqual([null, { credits: 0, held: 0 }]);
  });

  it('works on an uploaded picture, and on a result', async () => {
    const { call } = await customer();
    const png = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#335' } })
      .png()
      .toBuffer();
    const upload = await call('POST', '/v1/uploads', png, { 'content-type': 'image/png' });
    const edit = { ...B, product: 'kiara-edit', source_image_url: upload.json.url };
    const edited = await ended(gateway, call, idOf(await call('POST', '/v1/generations', edit)));
    expect(edited.json).toMatchObject({ status: 'completed', result: { width: 64, height: 48 } });

    const { url } = edited.json.result as { url: string };
    const again = { ...edit, source_image_url: url };
    const twice = await ended(gateway, call, idOf(await call('POST', '/v1/generations', again)));
    expect(twice.json).toMatchObject({ status: 'completed', result: { width: 64, height: 48 } });
  });
});

describe('an idempotent replay', () => {
  it('gives the same job in its current state, however the JSON is written, and charges once', async () => {
    const { call } = await customer('0.10');
    const headers = { 'idempotency-key': 'k1' };
    const first = await call('POST', '/v1/generations', '{"prompt":"x","seed":1}', headers);
    await ended(gateway, call, idOf(first));
    const second = await call('POST', '/v1/generations', ' {"seed": 1, "prompt": "x"}', headers);
    expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect(second.json).toMatchObject({ id: idOf(first), status: 'completed' });
    expect(await creditsOf(call)).toEqual({ credits: 0, held: 0, available: 0 });
  });

  it('makes one job of many equal calls at once', async () => {
    const { call } = await customer('0.10');
    const calls = Array.from({ length: 8 }, () =>
      call('POST', '/v1/generations', B, { 'idempotency-key': 'same' }),
    );
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 202]);
  });

  it('is not bound by a call that was refused', async () => {
    const { id, call } = await customer('0');
    const headers = { 'idempotency-key': 'k' };
    expect((await call('POST', '/v1/generations', B, headers)).status).toBe(402);
    await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '1' });
    expect((await call('POST', '/v1/generations', B, headers)).status).toBe(202);
  });

  it('is kept apart by mode and by account', async () => {
    const mine = await customer();
    const test = caller(gateway, (await gateway.createKey(mine.id, { mode: 'test' })).key);
    const theirs = await customer();
    const headers = { 'idempotency-key': 'k' };
    const answers = await Promise.all(
      [mine.call, test, theirs.call].map((call) => call('POST', '/v1/generations', B, headers)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  });

  it('works for all keys of an account', async () => {
    const { id, call } = await customer();
    const rotated = caller(gateway, (await gateway.createKey(id)).key);
    const headers = { 'idempotency-key': 'k' };
    const first = await call('POST', '/v1/generations', B, headers);
    expect(idOf(await rotated('POST', '/v1/generations', B, headers))).toBe(idOf(first));
  });
});

describe('a retry', () => {
  it('runs a failed job again as a new one; the old one stays', async () => {
    const { call } = await customer('0.10');
    const failing = { 'genlock-sandbox': 'error=content_rejected' };
    const old = idOf(await call('POST', '/v1/generations', { ...B, metadata: { a: 1 } }, failing));
    const failed = await ended(gateway, call, old);
    expect(failed.json).toMatchObject({ status: 'failed', credits: { held: 0, charged: 0, refunded: 10 } });

    const headers = { 'idempotency-key': 'again' };
    const retried = await call('POST', `/v1/generations/${old}/retry`, undefined, headers);
    expect(retried.status).toBe(202);
    expect(retried.headers.get('location')).toBe(`/kiara/v1/generations/${idOf(retried)}`);
    expect(retried.json).toMatchObject({
      retry_of: old,
      status: 'queued',
      metadata: { a: 1 },
      input: failed.json.input,
      credits: { held: 10 },
    });
    expect((await ended(gateway, call, idOf(retried))).json).toMatchObject({ status: 'completed' });
    expect((await call('GET', `/v1/generations/${old}`)).json).toEqual(failed.json);

    const replayed = await call('POST', `/v1/generations/${old}/retry`, undefined, headers);
    expect([replayed.status, idOf(replayed)]).toEqual([200, idOf(retried)]);
  });
});

describe('a running job', () => {
  it('reads as processing', async () => {
    const { call } = await customer();
    const id = idOf(await call('POST', '/v1/generations', B, { 'genlock-sandbox': 'delay=600s' }));
    await started(gateway, id);
    const { json } = await call('GET', `/v1/generations/${id}`);
    expect(json).toMatchObject({ status: 'processing', finished_at: null, credits: { held: 10 } });
    expect(json.started_at).toBe(json.updated_at);
    await gateway.admin('POST', `/generations/${id}/cancel`);
  });
});

describe('with workers stopped', () => {
  let stopped: TestGateway;
  beforeAll(async () => {
    stopped = await startTestGateway({ worker: false });
  });
  afterAll(() => stopped.close());

  it('a queued job is canceled, once and again, and its hold released', async () => {
    const call = caller(stopped, (await stopped.customer({ credit_usd: '0.10' })).key.key);
    const id = idOf(await call('POST', '/v1/generations', B));
    expect(await creditsOf(call)).toEqual({ credits: 10, held: 10, available: 0 });
    const first = await call('POST', `/v1/generations/${id}/cancel`);
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject({ status: 'canceled', credits: { held: 0, charged: 0, refunded: 10 } });
    const second = await call('POST', `/v1/generations/${id}/cancel`, '{}');
    expect([second.status, second.json]).toEqual([200, first.json]);
    expect(await creditsOf(call)).toEqual({ credits: 10, held: 0, available: 10 });
  });

  it('lists are paged, newest first, and filtered', async () => {
    const call = caller(stopped, (await stopped.customer()).key.key);
    const ids: string[] = [];
    for (const product of ['kiara-image-pro', 'kiara-vogue', 'kiara-image-pro', 'kiara-vogue', 'kiara-vogue'])
      ids.unshift(idOf(await call('POST', '/v1/generations', { ...B, product })));
    await call('POST', `/v1/generations/${ids[0]}/cancel`);

    const idsOf = async (query: string) =>
      ((await call('GET', `/v1/generations?${query}`)).json.data as { id: string }[]).map(({ id }) => id);
    const page = (await call('GET', '/v1/generations?limit=2')).json;
    expect(page).toMatchObject({ object: 'list', has_more: true, data: [{ id: ids[0] }, { id: ids[1] }] });
    const next = (await call('GET', `/v1/generations?limit=2&cursor=${page.next_cursor}`)).json;
    expect(next).toMatchObject({ data: [{ id: ids[2] }, { id: ids[3] }] });
    const last = (await call('GET', `/v1/generations?limit=2&cursor=${next.next_cursor}`)).json;
    expect(last).toMatchObject({ data: [{ id: ids[4] }], has_more: false, next_cursor: null });
    expect(await idsOf('status=canceled')).toEqual([ids[0]]);
    expect(await idsOf('product=kiara-image-pro')).toEqual([ids[2], ids[4]]);
    expect(await idsOf('product=kiara-vogue&status=queued')).toEqual([ids[1], ids[3]]);
  });

  it('HEAD answers like GET, without a body', async () => {
    const call = caller(stopped, (await stopped.customer()).key.key);
    const id = idOf(await call('POST', '/v1/generations', B));
    const get = await call('GET', `/v1/generations/${id}`);
    const head = await call('HEAD', `/v1/generations/${id}`);
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([
      200,
      '',
      get.headers.get('content-length'),
    ]);
  });
});
