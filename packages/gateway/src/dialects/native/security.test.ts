import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { caller, customer, expectProblem, IMAGE, idOf, VIDEO } from './testing.ts';

let gateway: TestGateway;
let png: Buffer<ArrayBuffer>;
beforeAll(async () => {
  gateway = await startTestGateway();
  png = await sharp({ create: { width: 32, height: 16, channels: 3, background: '#335' } })
    .png()
    .toBuffer();
});
afterAll(() => gateway.close());

const WAIT = { prefer: 'wait=45' };
const made = (answer: { json: object }) =>
  (answer.json as { output: { assets: { id: string; url: string }[] } }).output.assets[0];

describe('what belongs to another account, or to the other mode,', () => {
  it('does not exist', async () => {
    const mine = await customer(gateway);
    const theirs = await customer(gateway);
    const test = caller(gateway, (await gateway.createKey(mine.id, { dialect: 'native', mode: 'test' })).key);
    const webhook = { url: 'https://hooks.example/', events: ['generation.created'] };
    const done = await mine.call('POST', '/generations', { ...IMAGE, webhook }, WAIT);
    const asset = made(done);
    const endpoint = await mine.call('POST', '/webhook-endpoints', { url: 'https://hooks.example/' });
    const { data } = (await mine.call('GET', `/generations/${idOf(done)}/deliveries`)).json as {
      data: { id: string }[];
    };
    expect(data).toHaveLength(1);
    const paths = [
      ['GET', `/generations/${idOf(done)}`],
      ['GET', `/generations/${idOf(done)}/events`],
      ['GET', `/generations/${idOf(done)}/deliveries`],
      ['POST', `/generations/${idOf(done)}/cancel`],
      ['POST', `/generations/${idOf(done)}/retry`],
      ['GET', `/assets/${asset?.id}`],
      ['GET', `/assets/${asset?.id}/content`],
      ['GET', `/webhook-deliveries/${data[0]?.id}`],
      ['POST', `/webhook-deliveries/${data[0]?.id}/redeliver`],
    ] as const;
    for (const other of [theirs.call, test])
      for (const [method, path] of paths) expectProblem(await other(method, path), 'not_found@404');
    const ofEndpoint = `/webhook-endpoints/${idOf(endpoint)}`;
    for (const [method, path, body] of [
      ['GET', ofEndpoint],
      ['PATCH', ofEndpoint, { status: 'disabled' }],
      ['DELETE', ofEndpoint],
      ['POST', `${ofEndpoint}/rotate-secret`],
      ['GET', `${ofEndpoint}/deliveries`],
    ] as const)
      expectProblem(await theirs.call(method, path, body), 'not_found@404');
    expect((await theirs.call('GET', '/generations')).json.data).toEqual([]);
    expect((await theirs.call('GET', '/usage')).json.data).toEqual([]);
    expect((await test('GET', '/generations')).json.data).toEqual([]);
    const borrowed = { ...IMAGE, input: { prompt: 'x', images: [asset?.id] } };
    expectProblem(
      await theirs.call('POST', '/generations', borrowed),
      'invalid_parameter@422',
      'input.images[0]',
    );
    const secrets = await Promise.all(
      [mine.call, theirs.call, test].map((call) => call('GET', '/webhook-secret')),
    );
    expect(new Set(secrets.map(({ text }) => text)).size).toBe(3);
  });

  it('shares no idempotency key', async () => {
    const headers = { 'idempotency-key': 'k' };
    const mine = await customer(gateway);
    const test = caller(gateway, (await gateway.createKey(mine.id, { dialect: 'native', mode: 'test' })).key);
    const theirs = await customer(gateway);
    const ids = await Promise.all(
      [mine.call, test, theirs.call].map(async (call) =>
        idOf(await call('POST', '/generations', IMAGE, headers)),
      ),
    );
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a key of the native dialect', () => {
  it('has its published shape, and works nowhere else', async () => {
    const { key } = await customer(gateway);
    expect(key.key).toMatch(/^gl_live_[A-Za-z0-9]{32}$/);
    const answer = await fetch(`${gateway.url}/kiara/v1/balance`, {
      headers: { authorization: `Bearer ${key.key}` },
    });
    expect(answer.status).toBe(401);
  });
});

describe('the first of two errors is told:', () => {
  it('key, address, origin, limiter, route, method, body, key of idempotency, model, input', async () => {
    const nowhere = { allowed_ips: ['203.0.113.7'], allowed_origins: ['https://app.example'] };
    const revoked = await customer(gateway, { key: nowhere });
    expectProblem(await revoked.call('POST', '/nope', '{'), 'ip_not_allowed@403');
    await gateway.admin('PATCH', `/keys/${revoked.key.id}`, { status: 'paused' });
    expectProblem(await revoked.call('POST', '/nope', '{'), 'account_disabled@403');
    const origin = await customer(gateway, {
      key: { allowed_origins: ['https://app.example'], limits: { requests_per_minute: 1 } },
    });
    expectProblem(await origin.call('POST', '/nope', '{'), 'origin_not_allowed@403');
    const limited = await customer(gateway, { key: { limits: { requests_per_minute: 1 } } });
    expectProblem(await limited.call('POST', '/nope', '{'), 'route_not_found@404');
    expectProblem(await limited.call('POST', '/nope', '{'), 'rate_limited@429');
    const { call } = await customer(gateway);
    expectProblem(await call('PUT', '/generations', '{'), 'method_not_allowed@405');
    const headers = { 'idempotency-key': 'k' };
    await call('POST', '/generations', IMAGE, headers);
    expectProblem(await call('POST', '/generations', '{', headers), 'malformed_request@400');
    expectProblem(await call('POST', '/generations', { model: 'nope' }, headers), 'idempotency_conflict@409');
    expectProblem(await call('POST', '/generations', { model: 'nope' }), 'parameter_missing@422', 'input');
    expectProblem(await call('POST', '/generations', { model: 'nope', input: {} }), 'model_not_found@404');
  });

  it('bad input, paused model, full queue, empty balance, objection', async () => {
    const poor = await customer(gateway, { credit_usd: '0', key: { limits: { unfinished_jobs: 0 } } });
    const pause = (status: string | null) =>
      gateway.admin('PATCH', '/models/native/genlock%2Fvideo', { status });
    await pause('paused');
    expectProblem(await poor.call('POST', '/generations', { ...VIDEO, input: {} }), 'parameter_missing@422');
    expectProblem(await poor.call('POST', '/generations', VIDEO), 'model_paused@409');
    await pause(null);
    const steered = { 'genlock-sandbox': 'error=content_rejected at=admit' };
    expectProblem(await poor.call('POST', '/generations', VIDEO, steered), 'queue_full@429');
    await gateway.admin('PATCH', `/keys/${poor.key.id}`, { limits: null });
    expectProblem(await poor.call('POST', '/generations', VIDEO, steered), 'insufficient_credits@402');
  });
});

describe('hostile input', () => {
  it('in texts is refused or kept as it came', async () => {
    const { call } = await customer(gateway, { key: { mode: 'test' } });
    for (const bad of ['"a\\u0000b"', '"\\ud800"']) {
      const body = `{"model":"genlock/image","input":{"prompt":${bad}}}`;
      expectProblem(await call('POST', '/generations', body), 'malformed_request@400');
    }
    const prompt = '<script>alert(1)</script> \u202e "\' OR 1=1 -- 🦑';
    const metadata = { __proto__x: { constructor: 1 } };
    const answer = await call('POST', '/generations', {
      ...IMAGE,
      input: { ...IMAGE.input, prompt },
      metadata,
    });
    expect(answer.json).toMatchObject({ input: { prompt }, metadata });
    const polluted = '{"model":"genlock/image","input":{"prompt":"x","__proto__":{"size":"9x9"}}}';
    expectProblem(await call('POST', '/generations', polluted), 'invalid_parameter@422');
    const deep = `{"model":"genlock/image","input":${'{"a":'.repeat(80)}1${'}'.repeat(80)}}`;
    expectProblem(await call('POST', '/generations', deep), 'malformed_request@400');
  });

  it('in paths and broken HTTP is a problem document', async () => {
    const { call } = await customer(gateway);
    for (const path of ['/generations/%00', '/generations/..%2f..%2fetc', `/generations/${'x'.repeat(499)}`])
      expect((await call('GET', path)).headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expectProblem(await call('GET', `/generations/${'x'.repeat(600)}`), 'not_found@404');
  });

  it('meets a limit when it guesses keys', async () => {
    const guessing = await startTestGateway({ worker: false, now: () => 1_760_000_000_000 });
    const call = caller(guessing, 'gl_live_guess');
    for (let n = 0; n < 300; n++) expect((await call('GET', '/balance')).status).toBe(401);
    expectProblem(await call('GET', '/balance'), 'rate_limited@429');
    await guessing.close();
  });
});

describe('files', () => {
  it('are uploaded, read in parts, and worked on by id or URL', async () => {
    const { call } = await customer(gateway);
    const form = new FormData();
    form.set('file', new Blob([png], { type: 'image/png' }), 'a.png');
    const upload = await call('POST', '/uploads', form);
    expect(upload.status).toBe(201);
    expect(upload.json).toMatchObject({
      object: 'asset',
      content_type: 'image/png',
      width: 32,
      generation_id: null,
    });
    const content = `/assets/${idOf(upload)}/content`;
    const whole = await call('GET', content);
    expect(whole.headers.get('etag')).toBe(`"${String(upload.json.sha256)}"`);
    const part = await call('GET', content, undefined, { range: 'bytes=1-3' });
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([
      206,
      'PNG',
      `bytes 1-3/${png.length}`,
    ]);
    const seen = await call('GET', content, undefined, { 'if-none-match': whole.headers.get('etag') ?? '' });
    expect([seen.status, seen.text]).toEqual([304, '']);
    const outside = await call('GET', content, undefined, { range: 'bytes=999999-' });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${png.length}`]);
    const head = await call('HEAD', content);
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([
      200,
      '',
      String(png.length),
    ]);

    const raw = await call('POST', '/uploads', new Uint8Array(png), { 'content-type': 'image/png' });
    for (const image of [idOf(raw), upload.json.url]) {
      const edit = { model: 'genlock/image', input: { prompt: 'at night', images: [image] } };
      const edited = await call('POST', '/generations', edit, WAIT);
      expect(made(edited)).toMatchObject({ width: 32, height: 16 });
    }
  });
});
