import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  caller,
  customer,
  expectFault,
  film,
  IMAGE,
  IMAGES,
  idOf,
  itemOf,
  VIDEO,
  VIDEOS,
} from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const KEYED = [
  ['POST', IMAGES, IMAGE],
  ['POST', VIDEOS, VIDEO],
  ['GET', `${VIDEOS}/req-NOPE`, undefined],
  ['GET', '/v2/models', undefined],
] as const;

describe('a key', () => {
  provokes('getimg', 'invalid_api_key@401', 'missing, malformed, unknown, revoked or paused', async () => {
    const { id, key, call } = await customer(gateway);
    const others = await gateway.customer({ dialect: 'kiara' });
    for (const [method, path, body] of KEYED) {
      for (const authorization of [
        undefined,
        'Bearer',
        'Bearer ',
        'Basic x',
        'Bearer sk_unknown',
        `Bearer sk_${'x'.repeat(5000)}`,
        key.key,
        `Basic ${key.key}`,
        `Bearer ${key.key} x`,
        `Bearer ${others.key.key}`,
      ]) {
        const answer = await caller(gateway)(method, path, body, authorization ? { authorization } : {});
        expectFault(answer, 'invalid_api_key@401');
        expect(answer.headers.get('x-ratelimit-limit')).toBeNull();
      }
    }
    const everywhere = async () => {
      for (const [method, path, body] of KEYED)
        expectFault(await call(method, path, body), 'invalid_api_key@401');
    };
    await gateway.admin('PATCH', `/keys/${key.id}`, { status: 'paused' });
    await everywhere();
    await gateway.admin('PATCH', `/keys/${key.id}`, { status: 'active' });
    expect((await call('GET', '/v2/models')).status).toBe(200);
    await gateway.admin('PATCH', `/accounts/${id}`, { status: 'paused' });
    await everywhere();
    await gateway.admin('PATCH', `/accounts/${id}`, { status: 'active' });
    await gateway.admin('PATCH', `/keys/${key.id}`, { status: 'revoked' });
    await everywhere();
  });

  it('has the published shape, and its scheme any case', async () => {
    const { key } = await customer(gateway);
    expect(key.key).toMatch(/^sk_[A-Za-z0-9]{48}$/);
    const answer = await caller(gateway)('GET', '/v2/models', undefined, {
      authorization: `bearer ${key.key}`,
    });
    expect(answer.status).toBe(200);
  });

  it('that is bound to addresses or origins is as good as none elsewhere', async () => {
    const there = await customer(gateway, { key: { allowed_ips: ['203.0.113.7/32'] } });
    expectFault(await there.call('GET', '/v2/models'), 'invalid_api_key@401');
    const app = await customer(gateway, { key: { allowed_origins: ['https://app.example'] } });
    expectFault(await app.call('GET', '/v2/models'), 'invalid_api_key@401');
    const fromApp = await app.call('GET', '/v2/models', undefined, { origin: 'https://app.example' });
    expect(fromApp.status).toBe(200);
  });

  it('of nobody is counted by address', async () => {
    const fresh = await startTestGateway({ worker: false, now: () => 1_800_000_000_000 });
    try {
      const answers = await Promise.all(
        Array.from({ length: 301 }, () => caller(fresh)('POST', IMAGES, IMAGE)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(300).fill(401), 429]);
      expectFault(await caller(fresh)('GET', '/v2/models'), 'rate_limit@429');
      expect((await (await customer(fresh)).call('GET', '/v2/models')).status).toBe(200);
    } finally {
      await fresh.close();
    }
  });
});

describe('a video', () => {
  it('does not exist for another workspace, nor for the other mode', async () => {
    const mine = await customer(gateway);
    const id = idOf(await film(gateway, mine.call));
    const test = caller(gateway, (await gateway.createKey(mine.id, { dialect: 'getimg', mode: 'test' })).key);
    for (const call of [(await customer(gateway)).call, test])
      expectFault(await call('GET', `${VIDEOS}/${id}`), 'not_found@404', 'id');
  });

  it('of another dialect does not exist either', async () => {
    const { id, call } = await customer(gateway);
    const kiara = await gateway.createKey(id, { dialect: 'kiara' });
    const made = await fetch(`${gateway.url}/kiara/v1/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${kiara.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        prompt: 'x',
        product: 'kiara-dream-fast',
        resolution: '480p',
        duration_seconds: 1,
      }),
    });
    const { id: theirs } = (await made.json()) as { id: string };
    expectFault(await call('GET', `${VIDEOS}/${theirs}`), 'not_found@404', 'id');
  });
});

describe('a path', () => {
  it('that is unknown is not found, with a key or without, v1 included', async () => {
    const { call } = await customer(gateway);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/'],
      ['GET', '/v2'],
      ['GET', '/v2/'],
      ['GET', '/v2/nothing'],
      ['GET', '/v2/generations'],
      ['GET', VIDEOS],
      ['GET', IMAGES],
      ['GET', `${IMAGES}/req-NOPE`],
      ['POST', '/v2/images'],
      ['POST', '/v1/images/generations'],
      ['POST', '/v1/stable-diffusion/text-to-image'],
      ['GET', '/v1/models'],
      ['POST', `${VIDEOS}/req-NOPE/cancel`],
      ['PUT', `${VIDEOS}/req-NOPE`],
      ['HEAD', IMAGES],
      ['OPTIONS', IMAGES],
    ] as const) {
      for (const who of [call, caller(gateway)]) {
        const answer = await who(method, path, method === 'POST' ? 'x'.repeat(300_000) : undefined);
        if (method === 'HEAD') expect(answer.status).toBe(404);
        else expectFault(answer, 'not_found@404');
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    }
  });

  it('that cannot be decoded, and HTTP that is none, are answered in the same shape', async () => {
    expectFault(await caller(gateway)('GET', '/v2/%ff'), 'not_found@404');
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.end('GET /getimg/v2/models HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n');
    const answer = await readText(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toEqual({
      error: {
        message: expect.any(String),
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_parameter',
      },
    });
  });
});

describe('hostile input', () => {
  it('pollutes nothing, and says nothing about the inside', async () => {
    const { call } = await customer(gateway, { credit_usd: '0' });
    const body = `{"model":"seedream-5-lite","prompt":"x","__proto__":{"resolution":"4K"},"constructor":{"x":1}}`;
    expectFault(await call('POST', IMAGES, body), 'quota_exceeded@402');
    expect(Object.prototype).not.toHaveProperty('resolution');
    const nested = `{"model":"seedream-5-lite","prompt":"x","images":[{"url":"https://example.com/x.png","__proto__":{"role":"bad"}}]}`;
    expectFault(await call('POST', IMAGES, nested), 'quota_exceeded@402');
    expectFault(await call('GET', `${VIDEOS}/__proto__`), 'not_found@404', 'id');
    const sql = await call('GET', `${VIDEOS}/${encodeURIComponent("req-x' OR 1=1 --")}`);
    expectFault(sql, 'not_found@404', 'id');
    for (const answer of [sql, await call('POST', IMAGES, { ...IMAGE, model: '../../etc/passwd' })])
      expect(answer.text).not.toMatch(/passwd|sandbox|node_modules|\bat \//);
  });

  it('never shows what a provider said', async () => {
    const { call } = await customer(gateway);
    const image = await call('POST', IMAGES, IMAGE, { 'genlock-sandbox': 'error=upstream_failed' });
    expectFault(image, 'server_error@500');
    expect(image.text).not.toMatch(/sandbox|directive/);
    const video = await film(gateway, call, VIDEO, 'error=upstream_failed');
    expect(video.text).not.toMatch(/sandbox|directive/);
  });
});

describe('a host of its own', () => {
  it('serves the dialect at its root, and links say so', async () => {
    const hosted = await startTestGateway({ config: 'hosts:\n  getimg: api.getimg.example\n' });
    try {
      const { key } = await customer(hosted);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const headers = {
        host: 'api.getimg.example',
        authorization: `Bearer ${key.key}`,
        'content-type': 'application/json',
      };
      httpRequest(`${hosted.url}/v2/images/generations`, { method: 'POST', headers }, (response) =>
        readText(response).then(resolve, reject),
      )
        .on('error', reject)
        .end(JSON.stringify(IMAGE));
      const made = JSON.parse(await promise) as { data: { url: string }[] };
      const { port } = new URL(hosted.url);
      expect(made.data[0]?.url).toMatch(
        new RegExp(`^http://api\\.getimg\\.example:${port}/v2/downloads/req-`),
      );
      const below = await caller(hosted, key.key)('POST', IMAGES, {
        ...IMAGE,
        images: [{ url: made.data[0]?.url }],
      });
      expect([below.status, itemOf(below).width]).toEqual([200, 1024]);
    } finally {
      await hosted.close();
    }
  });
});
