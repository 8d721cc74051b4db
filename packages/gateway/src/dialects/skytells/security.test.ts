import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, caller, customer, expectFault, expectInferenceFault, IMG, idOf } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const ROUTES = [
  ['POST', '/v1/predict'],
  ['POST', '/v1/predictions'],
  ['GET', '/v1/predictions'],
  ['GET', '/v1/predictions/x'],
  ['GET', '/v1/predictions/x/stream'],
  ['POST', '/v1/predictions/x/cancel'],
  ['DELETE', '/v1/predictions/x'],
  ['DELETE', '/v1/predictions/x/delete'],
  ['GET', '/v1/models'],
  ['GET', '/v1/models/truefusion'],
  ['GET', '/v1/model/truefusion'],
  ['GET', '/v1/nope'],
] as const;
const INFERENCE = [
  ['POST', '/v1/chat/completions'],
  ['POST', '/v1/responses'],
  ['POST', '/v1/embeddings'],
] as const;

async function everywhere(call: Call, row: string, inferenceRow = row): Promise<void> {
  for (const [method, path] of ROUTES) expectFault(await call(method, path), row);
  for (const [method, path] of INFERENCE) expectInferenceFault(await call(method, path), inferenceRow);
}

describe('a key', () => {
  provokes('skytells', 'UNAUTHORIZED@401', 'absent, unknown, revoked, or of something else', async () => {
    await everywhere(caller(gateway), 'UNAUTHORIZED@401');
    const { call, keyId } = await customer(gateway);
    for (const key of ['sk-unknown', 'wfb_abc', ' ', 'x'.repeat(5000), "' OR 1=1 --"]) {
      const answer = await caller(gateway, key)('GET', '/v1/models');
      expectFault(answer, 'UNAUTHORIZED@401', 'Invalid API key');
      expect(answer.json.response).toBe('Invalid API key');
    }
    const other = (await gateway.customer({ dialect: 'kiara' })).key.key;
    expectFault(await caller(gateway, other)('GET', '/v1/models'), 'UNAUTHORIZED@401');
    await gateway.admin('PATCH', `/keys/${keyId}`, { status: 'revoked' });
    expectFault(await call('GET', '/v1/models'), 'UNAUTHORIZED@401');
  });

  it('has the published shape, and goes in either header, its own first', async () => {
    const { key } = await customer(gateway);
    expect(key).toMatch(/^sk-[A-Za-z0-9]{32}$/);
    const nobody = caller(gateway);
    const status = async (headers: Record<string, string>) =>
      (await nobody('GET', '/v1/models', undefined, headers)).status;
    expect(await status({ 'x-api-key': key })).toBe(200);
    expect(await status({ authorization: `Bearer ${key}` })).toBe(200);
    expect(await status({ 'x-api-key': '', authorization: `Bearer ${key}` })).toBe(200);
    expect(await status({ 'x-api-key': key, authorization: 'Bearer wrong' })).toBe(200);
    expect(await status({ 'x-api-key': 'wrong', authorization: `Bearer ${key}` })).toBe(401);
    expect(await status({ authorization: key })).toBe(401);
  });

  provokes('skytells', 'ACCOUNT_SUSPENDED@401', 'of a suspended account, or suspended itself', async () => {
    const { id, call, keyId } = await customer(gateway);
    await gateway.admin('PATCH', `/accounts/${id}`, { status: 'paused' });
    await everywhere(call, 'ACCOUNT_SUSPENDED@401');
    await gateway.admin('PATCH', `/accounts/${id}`, { status: 'active' });
    await gateway.admin('PATCH', `/keys/${keyId}`, { status: 'paused' });
    expectFault(await call('GET', '/v1/models'), 'ACCOUNT_SUSPENDED@401');
  });

  provokes('skytells', 'FORBIDDEN@403', 'used by a web page that its list does not have', async () => {
    const { key } = await customer(gateway, { key: { allowed_origins: ['https://app.example'] } });
    const from =
      (origin: string): Call =>
      (method, path, body) =>
        caller(gateway, key)(method, path, body, { origin });
    await everywhere(from('https://evil.example'), 'FORBIDDEN@403');
    expect((await from('https://app.example')('GET', '/v1/models')).status).toBe(200);
  });

  provokes(
    'skytells',
    'SECURITY_VIOLATION@403',
    'used from an address that its list does not have',
    async () => {
      const { call } = await customer(gateway, { key: { allowed_ips: ['203.0.113.0/24'] } });
      await everywhere(call, 'SECURITY_VIOLATION@403', 'FORBIDDEN@403');
    },
  );

  it('is guessed at 300 times a minute and no more', async () => {
    const now = Date.now();
    const small = await startTestGateway({ now: () => now });
    const nobody = caller(small, 'sk-guess');
    await Promise.all(Array.from({ length: 300 }, () => nobody('GET', '/v1/models')));
    expectFault(await nobody('GET', '/v1/models'), 'RATE_LIMIT_EXCEEDED@429');
    await small.close();
  });
});

describe('another account', () => {
  it('can neither see, cancel nor delete, and costs its neighbour nothing', async () => {
    const [mine, other] = [await customer(gateway), await customer(gateway)];
    const id = idOf(await mine.call('POST', '/v1/predict', IMG, { 'genlock-sandbox': 'delay=60s' }));
    for (const [method, rest] of [
      ['GET', ''],
      ['GET', '/stream'],
      ['POST', '/cancel'],
      ['DELETE', ''],
      ['DELETE', '/delete'],
    ] as const)
      expectFault(await other.call(method, `/v1/predictions/${id}${rest}`), 'ACCESS_DENIED@502');
    expect((await mine.call('GET', `/v1/predictions/${id}`)).status).toBe(200);
    await mine.call('DELETE', `/v1/predictions/${id}`);
  });

  it('shares nothing but its account with the other keys of it', async () => {
    const mine = await customer(gateway);
    const id = idOf(await mine.call('POST', '/v1/predict', IMG));
    const { key } = await gateway.createKey(mine.id, { dialect: 'skytells' });
    expect((await caller(gateway, key)('GET', `/v1/predictions/${id}`)).status).toBe(200);
  });
});

describe('hostile text', () => {
  provokes('skytells', 'VALIDATION_ERROR@422', 'text that no store can keep', async () => {
    const { call } = await customer(gateway);
    for (const bad of ['\\u0000', '\\ud800', '\\udc00x']) {
      for (const body of [
        `{"model":"truefusion","input":{"prompt":"a${bad}"}}`,
        `{"model":"truefusion","input":{"prompt":"a","${bad}":1}}`,
        `{"model":"${bad}","input":{"prompt":"a"}}`,
        `{"${bad}":1,"model":"truefusion","input":{"prompt":"a"}}`,
      ])
        expectFault(await call('POST', '/v1/predict', body), 'VALIDATION_ERROR@422');
    }
  });

  it('is echoed as it came and does no harm', async () => {
    const { call } = await customer(gateway);
    const input = {
      prompt: `"'<script>\${7*7}</script> \u202e \ud83d\udc4d ../../etc/passwd %00 {{x}}`,
      width: 64,
      height: 64,
    };
    const { json } = await call('POST', '/v1/predict', { model: 'truefusion', input, await: true });
    expect(json).toMatchObject({ status: 'succeeded', input });
    const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
    const nested = `{"model":"truefusion","input":{"prompt":"x","more":${deep}}}`;
    expectFault(await call('POST', '/v1/predict', nested), 'INVALID_REQUEST@400');
    const proto =
      '{"model":"truefusion","input":{"prompt":"x","width":64,"height":64,"__proto__":{"seed":1}}}';
    expect((await call('POST', '/v1/predict', proto)).status).toBe(200);
  });

  it('names no vendor, path, key or stack in what goes wrong', async () => {
    const { call, key } = await customer(gateway);
    const answers = [
      await call('POST', '/v1/predict', IMG, { 'genlock-sandbox': 'error=upstream_failed at=admit' }),
      await call('POST', '/v1/predict', { model: 'lipfusion', input: { video: 'http://127.0.0.1:1/x' } }),
      await call('GET', '/v1/predictions/x'),
      await call('POST', '/v1/predict', '{'),
    ];
    for (const { text } of answers) {
      expect(text).not.toContain(key);
      expect(text).not.toMatch(/sandbox|genlock|node_modules|\bat \w+ \(|127\.0\.0\.1|ECONNREFUSED/i);
    }
  });
});

describe('a source', () => {
  it('that the account made itself is read without the network, also by a real gateway', async () => {
    const real = await startTestGateway({ emulator: false });
    const mine = await customer(real);
    const first = await mine.call('POST', '/v1/predict', { ...IMG, await: true });
    const [image] = first.json.output as [string];
    const body = { model: 'truefusion', input: { prompt: 'at night', image }, await: true };
    expect((await mine.call('POST', '/v1/predict', body)).json.status).toBe('succeeded');
    // Anybody may read the link, but only from outside, and a fetch from there cannot reach this machine.
    const other = await customer(real);
    expect((await other.call('POST', '/v1/predict', body)).json.status).toBe('failed');
    await real.close();
  });

  it('in a private network is never fetched by a real gateway', async () => {
    const real = await startTestGateway({ emulator: false });
    const { call } = await customer(real);
    for (const video of [
      'http://127.0.0.1:1/x.mp4',
      'https://127.0.0.1/x',
      'https://169.254.169.254/x',
      'file:///etc/passwd',
    ])
      expectFault(
        await call('POST', '/v1/predict', { model: 'lipfusion', input: { video } }),
        'FAILED_TO_CALCULATE_VIDEO_DURATION@422',
      );
    const body = { ...IMG, webhook: { url: 'http://127.0.0.1/h', events: [] } };
    expectFault(await call('POST', '/v1/predict', body), 'VALIDATION_ERROR@422');
    await real.close();
  });
});
