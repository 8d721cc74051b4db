import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { B, caller, expectFault, idOf, rawCall } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
});
afterAll(() => gateway.close());

const customer = async (key: object = {}) => {
  const made = await gateway.customer({ key });
  return { ...made, call: caller(gateway, made.key.key) };
};
const patchKey = (id: string, body: object) => gateway.admin('PATCH', `/keys/${id}`, body);

describe('a key', () => {
  provokes('kiara', 'authentication_failed@401', 'missing, malformed, unknown, revoked', async () => {
    const { key, call } = await customer();
    for (const authorization of [
      undefined,
      'Bearer kiara_live_nope',
      'Bearer',
      key.key,
      `Basic ${key.key}`,
      `Bearer ${key.key} x`,
    ]) {
      const answer = await caller(gateway)(
        'POST',
        '/v1/generations',
        B,
        authorization ? { authorization } : {},
      );
      expectFault(answer, 'authentication_failed@401');
      expect(answer.headers.get('x-ratelimit-limit')).toBeNull();
    }
    expect((await call('POST', '/v1/quotes', B)).status).toBe(200);
    await patchKey(key.id, { status: 'revoked' });
    expectFault(await call('POST', '/v1/quotes', B), 'authentication_failed@401');
  });

  it('has the published shape, and its scheme any case', async () => {
    const live = await customer();
    const test = await customer({ mode: 'test' });
    expect(live.key.key).toMatch(/^kiara_live_[A-Za-z0-9]{32}$/);
    expect(test.key.key).toMatch(/^kiara_test_[A-Za-z0-9]{32}$/);
    const lower = await caller(gateway)('GET', '/v1/balance', undefined, {
      authorization: `bearer ${live.key.key}`,
    });
    expect(lower.status).toBe(200);
  });

  provokes('kiara', 'account_disabled@403', 'paused, or its customer is', async () => {
    const { id, key, call } = await customer();
    await patchKey(key.id, { status: 'paused' });
    expectFault(await call('GET', '/v1/balance'), 'account_disabled@403');
    await patchKey(key.id, { status: 'active' });
    expect((await call('GET', '/v1/balance')).status).toBe(200);
    await gateway.admin('PATCH', `/accounts/${id}`, { status: 'paused' });
    expectFault(await call('GET', '/v1/balance'), 'account_disabled@403');
  });

  provokes('kiara', 'origin_not_allowed@403', 'an origin that is not on its list, or none', async () => {
    const { call } = await customer({ allowed_origins: ['https://app.example'] });
    const from = (origin?: string) => call('GET', '/v1/balance', undefined, origin ? { origin } : {});
    expectFault(await from('https://evil.example'), 'origin_not_allowed@403');
    expectFault(await from('http://app.example'), 'origin_not_allowed@403');
    expectFault(await from('https://app.example:8443'), 'origin_not_allowed@403');
    expectFault(await from(), 'origin_not_allowed@403');
    expect((await from('https://APP.example')).status).toBe(200);
  });

  provokes('kiara', 'ip_not_allowed@403', 'an address that is not on its list', async () => {
    const { call } = await customer({ allowed_ips: ['203.0.113.7/32'] });
    expectFault(await call('GET', '/v1/balance'), 'ip_not_allowed@403');
    const forwarded = await call('GET', '/v1/balance', undefined, { 'x-forwarded-for': '203.0.113.7' });
    expectFault(forwarded, 'ip_not_allowed@403');
    const mine = await customer({ allowed_ips: ['127.0.0.0/8'] });
    expect((await mine.call('GET', '/v1/balance')).status).toBe(200);
  });

  it('is found behind a trusted proxy by the address that the proxy saw', async () => {
    const proxied = await startTestGateway({ worker: false, config: 'trusted_proxies: [127.0.0.1]\n' });
    try {
      const { key } = await proxied.customer({ key: { allowed_ips: ['203.0.113.7'] } });
      const from = (hops: string) =>
        caller(proxied, key.key)('GET', '/v1/balance', undefined, { 'x-forwarded-for': hops });
      expect((await from('198.51.100.1, 203.0.113.7')).status).toBe(200);
      expectFault(await from('203.0.113.7, 198.51.100.1'), 'ip_not_allowed@403');
    } finally {
      await proxied.close();
    }
  });

  it('of nobody is counted by address', async () => {
    const fresh = await startTestGateway({ worker: false, now: () => 1_800_000_000_000 });
    try {
      const nobody = caller(fresh);
      const answers = await Promise.all(Array.from({ length: 301 }, () => nobody('GET', '/v1/balance')));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([...Array(300).fill(401), 429]);
      expectFault(await nobody('GET', '/v1/balance'), 'rate_limited@429');
      const { key } = await fresh.customer();
      expect((await caller(fresh, key.key)('GET', '/v1/balance')).status).toBe(200);
    } finally {
      await fresh.close();
    }
  });

  it('of nobody is counted by network where the addresses are IPv6', async () => {
    const fresh = await startTestGateway({
      worker: false,
      now: () => 1_800_000_000_000,
      config: 'trusted_proxies: [127.0.0.1]\n',
    });
    try {
      const from = (address: string) =>
        caller(fresh)('GET', '/v1/balance', undefined, { 'x-forwarded-for': address });
      await Promise.all(Array.from({ length: 300 }, (_, n) => from(`2001:db8::${n.toString(16)}`)));
      expectFault(await from('2001:db8::ffff:1'), 'rate_limited@429');
      expect((await from('2001:db8:0:1::1')).status).toBe(401);
    } finally {
      await fresh.close();
    }
  });
});

describe('a job', () => {
  it('does not exist for another account, nor for the other mode', async () => {
    const mine = await customer();
    const id = idOf(await mine.call('POST', '/v1/generations', B));
    const theirs = (await customer()).call;
    const test = caller(gateway, (await gateway.createKey(mine.id, { mode: 'test' })).key);
    for (const call of [theirs, test]) {
      expectFault(await call('GET', `/v1/generations/${id}`), 'not_found@404');
      expectFault(await call('POST', `/v1/generations/${id}/cancel`), 'not_found@404');
      expectFault(await call('POST', `/v1/generations/${id}/retry`), 'not_found@404');
      expect((await call('GET', '/v1/generations')).json.data).toEqual([]);
    }
    const rotated = caller(gateway, (await gateway.createKey(mine.id)).key);
    expect((await rotated('GET', `/v1/generations/${id}`)).status).toBe(200);
  });
});

describe('a path', () => {
  it('that is unknown is looked at after the key', async () => {
    const { call } = await customer();
    const unknown = await call('GET', '/v1/nope');
    expectFault(unknown, 'not_found@404');
    expect(unknown.headers.get('x-ratelimit-limit')).toBe('600');
    for (const [method, path] of [
      ['GET', '/v1'],
      ['GET', '/v1/'],
      ['DELETE', '/v1/generations'],
      ['PUT', '/v1/balance'],
      ['POST', '/v1/nope'],
      ['GET', '/v1/generations/'],
      ['PATCH', '/v1/topups'],
    ] as const) {
      const body = method === 'GET' ? undefined : '{broken';
      expectFault(await call(method, path, body), 'not_found@404');
      expectFault(await caller(gateway)(method, path, body), 'authentication_failed@401');
    }
  });

  it('outside of /v1 needs no key to be unknown', async () => {
    expectFault(await caller(gateway)('GET', '/nope'), 'not_found@404');
    expectFault(await caller(gateway)('GET', ''), 'not_found@404');
    expect((await caller(gateway)('GET', '/healthz')).json).toEqual({ status: 'ok' });
  });

  it('that cannot be decoded asks for the key first, and then is not found', async () => {
    expectFault(await caller(gateway)('GET', '/v1/generations/%ff'), 'authentication_failed@401');
    expectFault(await (await customer()).call('GET', '/v1/generations/%ff'), 'not_found@404');
  });

  it('answers OPTIONS with 404 and no CORS headers', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
    const answer = await caller(gateway)('OPTIONS', '/v1/generations', undefined, headers);
    expectFault(answer, 'not_found@404');
    const cors = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'));
    expect(cors).toEqual([]);
  });

  it('has no prototype to be polluted, neither in a body nor in a query', async () => {
    const { call } = await customer();
    const body = `{"prompt":"x","__proto__":{"seed":1},"metadata":{"__proto__":{"a":1},"constructor":{"b":2}}}`;
    const created = await call('POST', '/v1/generations', body);
    expect(created.status).toBe(202);
    expect(created.text).toContain('"metadata":{"__proto__":{"a":1},"constructor":{"b":2}}');
    expect((await call('GET', '/v1/generations?__proto__=1&constructor=2')).status).toBe(200);
    expect(Object.prototype).not.toHaveProperty('seed');
  });
});

describe('a host of its own', () => {
  it('serves the dialect at its root, and links say so', async () => {
    const hosted = await startTestGateway({ worker: false, config: 'hosts:\n  kiara: kiara.example.com\n' });
    try {
      const { key } = await hosted.customer();
      const headers = { host: 'kiara.example.com', authorization: `Bearer ${key.key}` };
      const balance = await rawCall(`${hosted.url}/v1/balance`, { headers });
      expect([balance.status, JSON.parse(balance.text).object]).toEqual([200, 'balance']);
      const nobody = await rawCall(`${hosted.url}/v1/balance`, { headers: { host: 'kiara.example.com' } });
      expect([nobody.status, JSON.parse(nobody.text).error.code]).toEqual([401, 'authentication_failed']);
      const created = await caller(hosted, key.key)('POST', '/v1/generations', B);
      expect(created.headers.get('location')).toBe(`/v1/generations/${idOf(created)}`);
    } finally {
      await hosted.close();
    }
  });
});
