import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, caller, customer, expectFault, IMG, idOf } from './testing.ts';

let gateway: TestGateway;
let call: Call;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ call, key } = await customer(gateway));
});
afterAll(() => gateway.close());

describe('a trailing slash', () => {
  it('moves with 301, the query kept, so that a POST ends as a GET of the list', async () => {
    const moved = await call('POST', '/v1/predictions/', IMG);
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/skytells/v1/predictions']);
    const query = await call('GET', '/v1/predictions//?page=2&x=/');
    expect(query.headers.get('location')).toBe('/skytells/v1/predictions?page=2&x=/');

    const followed = await fetch(`${gateway.url}/skytells/v1/predictions/`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(IMG),
    });
    expect(await followed.json()).toMatchObject({ data: [], pagination: { total: 0 } });
  });

  it('of a URL that could be read as another host is not followed', async () => {
    for (const path of ['//evil.example/', '//evil.example/v1/x/', '/v1/'])
      expect((await call('GET', path)).headers.get('location')).toBeNull();
  });

  it('on a host of its own keeps to that host', async () => {
    const hosted = await startTestGateway({ config: 'hosts:\n  skytells: sky.example\n' });
    const head = await raw(hosted, 'POST /v1/predictions/?a=1 HTTP/1.1\r\nhost: sky.example\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 301 /);
    expect(head).toMatch(/\r\nlocation: \/v1\/predictions\?a=1\r\n/);
    expect(await raw(hosted, 'GET //evil.example/x/ HTTP/1.1\r\nhost: sky.example\r\n')).not.toContain(
      'location',
    );
    const { call: mine } = await customer(hosted);
    const { json } = await mine('POST', '/v1/predict', IMG);
    const port = new URL(hosted.url).port;
    expect(json.urls).toMatchObject({ get: `http://sky.example:${port}/v1/predictions/${json.id}` });
    await hosted.close();
  });
});

/** The answer to a request that `fetch` would not send. */
function raw({ url }: TestGateway, head: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
    socket.write(`${head}connection: close\r\ncontent-length: 0\r\n\r\n`),
  );
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('close', () => resolve(text));
  return promise;
}

describe('browsers', () => {
  it('may ask, with the header of the key, before they have one', async () => {
    const nobody = caller(gateway);
    for (const path of ['/v1/predict', '/v1/predictions/x/cancel', '/v1/nope', '/delivery/x']) {
      const preflight = await nobody('OPTIONS', path, undefined, {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, x-api-key, x-mine',
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
      expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type, x-api-key, x-mine');
      expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE');
    }
    const plain = await nobody('OPTIONS', '/v1/predict');
    expect(plain.headers.get('access-control-allow-headers')).toContain('x-api-key');
  });

  it('may read every answer, errors included', async () => {
    for (const answer of [await call('GET', '/v1/models'), await caller(gateway)('GET', '/v1/models')]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-expose-headers')).toBe('*');
    }
  });
});

describe('an empty body that says it is JSON', () => {
  it('is what the SDK sends with every call, and is no error', async () => {
    const id = idOf(await call('POST', '/v1/predict', IMG, { 'genlock-sandbox': 'delay=60s' }));
    for (const [method, path] of [
      ['GET', `/v1/predictions/${id}`],
      ['POST', `/v1/predictions/${id}/cancel`],
      ['DELETE', `/v1/predictions/${id}/delete`],
    ] as const) {
      const answer = await call(method, path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        'application/json; charset=utf-8',
      ]);
      expect(answer.json.id).toBe(id);
    }
  });
});

describe('unknown things', () => {
  provokes('skytells', 'ENDPOINT_NOT_FOUND@404', 'a path that is no route', async () => {
    for (const path of [
      '/v1/nope',
      '/v1',
      '/v1//models',
      '/v1/predictions/x/y',
      '/',
      '/v2/models',
      '/healthz',
    ])
      expectFault(await call('GET', path), 'ENDPOINT_NOT_FOUND@404');
    expectFault(await call('POST', '/v1/%ZZ'), 'ENDPOINT_NOT_FOUND@404');
  });

  provokes('skytells', 'ENDPOINT_NOT_FOUND@405', 'a method that the route does not take', async () => {
    for (const [method, path, allow] of [
      ['GET', '/v1/predict', 'POST'],
      ['PUT', '/v1/predictions', 'POST, GET, HEAD'],
      ['PATCH', '/v1/predictions/x', 'GET, HEAD, DELETE'],
      ['DELETE', '/v1/predictions/x/cancel', 'POST'],
      ['POST', '/v1/models', 'GET, HEAD'],
      ['POST', '/v1/model/x', 'GET, HEAD'],
      ['PROPFIND', '/v1/models', 'GET, HEAD'],
    ] as const) {
      const answer = await call(method, path);
      expectFault(answer, 'ENDPOINT_NOT_FOUND@405');
      expect(answer.headers.get('allow')).toBe(allow);
    }
  });

  it('are also HTTP that cannot be read', async () => {
    const answer = await raw(gateway, 'POST /skytells/v1/predict HTTP/1.1\r\nhost: x\r\nbad header\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      status: false,
      error: { http_status: 400, error_id: 'INVALID_REQUEST' },
    });
  });
});

describe('limits', () => {
  it('count all calls of an account, whatever the key and the method, and are told', async () => {
    const { id, call: mine } = await customer(gateway, { limits: { requests_per_minute: 3 } });
    const { key: other } = await gateway.createKey(id, { dialect: 'skytells' });
    const first = await mine('GET', '/v1/models');
    expect(Object.fromEntries([...first.headers].filter(([name]) => name.startsWith('x-skytells')))).toEqual({
      'x-skytells-ratelimit-limit-requests': '3',
      'x-skytells-ratelimit-remaining-requests': '2',
      'x-skytells-ratelimit-window': '60',
      'x-skytells-ratelimit-limit-tokens-in': '-',
      'x-skytells-ratelimit-remaining-tokens-in': '-',
      'x-skytells-ratelimit-limit-tokens-out': '-',
      'x-skytells-ratelimit-remaining-tokens-out': '-',
    });
    await mine('DELETE', '/v1/predictions/x');
    const last = await caller(gateway, other)('POST', '/v1/predict', '{');
    expect([last.status, last.headers.get('x-skytells-ratelimit-remaining-requests')]).toEqual([400, '0']);
  });

  it('roll: each call comes back a minute after it was made', async () => {
    let now = Date.now();
    const clocked = await startTestGateway({ now: () => now });
    const { call: mine } = await customer(clocked, { limits: { requests_per_minute: 2 } });
    const told = async (afterMs: number) => {
      now += afterMs;
      const { status, headers } = await mine('GET', '/v1/models');
      return [status, headers.get('x-skytells-ratelimit-remaining-requests'), headers.get('retry-after')];
    };
    expect(await told(0)).toEqual([200, '1', null]);
    expect(await told(50_000)).toEqual([200, '0', null]);
    expect(await told(5_000)).toEqual([429, '0', '5']);
    expect(await told(5_000)).toEqual([200, '0', null]);
    expect(await told(1_000)).toEqual([429, '0', '49']);
    await clocked.close();
  });

  provokes('skytells', 'RATE_LIMIT_EXCEEDED@429', 'one call over the limit, on every route', async () => {
    const { call: mine } = await customer(gateway, { limits: { requests_per_minute: 1 } });
    await mine('GET', '/v1/models');
    const details = { scope: 'requests', model: null, limit: 1, window: 60 };
    for (const [method, path] of [
      ['POST', '/v1/predict'],
      ['POST', '/v1/predictions'],
      ['GET', '/v1/predictions'],
      ['GET', '/v1/predictions/x'],
      ['GET', '/v1/predictions/x/stream'],
      ['POST', '/v1/predictions/x/cancel'],
      ['DELETE', '/v1/predictions/x'],
      ['GET', '/v1/models'],
      ['GET', '/v1/model/truefusion'],
      ['GET', '/v1/nope'],
    ] as const)
      expectFault(await mine(method, path), 'RATE_LIMIT_EXCEEDED@429', details);
  });

  it('are 60 calls a minute and 5 jobs in flight where nobody says otherwise', async () => {
    const { key: plain } = (await gateway.customer({ dialect: 'skytells' })).key;
    const mine = caller(gateway, plain);
    const first = await mine('POST', '/v1/predict', IMG, { 'genlock-sandbox': 'delay=60s' });
    expect(first.headers.get('x-skytells-ratelimit-limit-requests')).toBe('60');
    const rest = await Promise.all(
      Array.from({ length: 5 }, () => mine('POST', '/v1/predict', IMG, { 'genlock-sandbox': 'delay=60s' })),
    );
    const refused = rest.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(1);
    const details = { scope: 'concurrency', model: 'truefusion', limit: 5, window: 60 };
    for (const answer of refused) expectFault(answer, 'RATE_LIMIT_EXCEEDED@429', details);
    for (const { json } of [first, ...rest]) if (json.id) await mine('DELETE', `/v1/predictions/${json.id}`);
  });

  provokes('skytells', 'SERVICE_UNAVAILABLE@503', 'a limiter that cannot be reached', async () => {
    await gateway.admin('POST', '/faults', { point: 'limiter', effect: 'error' });
    expectFault(await call('GET', '/v1/models'), 'SERVICE_UNAVAILABLE@503');
  });
});

describe('a server that was told to stop', () => {
  provokes('skytells', 'PREDICTION_ERROR@503', 'takes no new work and still answers', async () => {
    const stopping = await startTestGateway();
    const { call: mine } = await customer(stopping);
    await stopping.drain(0);
    expectFault(await mine('POST', '/v1/predict', IMG), 'PREDICTION_ERROR@503');
    expect((await mine('GET', '/v1/predictions')).status).toBe(200);
    await stopping.close();
  });
});
