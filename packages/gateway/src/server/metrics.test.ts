import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { Log } from '../telemetry/log.ts';
import { silentLog } from '../telemetry/log.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../testing/gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const start = async (options: TestGatewayOptions = {}): Promise<TestGateway> => {
  gateway = await startTestGateway(options);
  return gateway;
};

const scrape = async (): Promise<string> => {
  const response = await fetch(`${gateway.url}/metrics`, {
    headers: { authorization: `Bearer ${gateway.adminToken}` },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.text();
};

/** The value of a series as it stands after what was done; counting follows the answer. */
const value = (series: string) =>
  expect.poll(async () => {
    const line = (await scrape()).split('\n').find((one) => one.startsWith(`${series} `));
    return line && Number(line.slice(series.length + 1));
  });

const withHost = async (host: string, path: string) => {
  const call = request(new URL(path, gateway.url), {
    headers: { host, authorization: `Bearer ${gateway.adminToken}` },
  });
  const answered = Promise.withResolvers<{ status: number | undefined; body: string }>();
  call.on('response', (response) =>
    text(response).then((body) => answered.resolve({ status: response.statusCode, body })),
  );
  call.on('error', answered.reject).end();
  return answered.promise;
};

describe('GET /metrics', () => {
  it('is for who has the admin token', async () => {
    await start();
    expect(await scrape()).toMatch(/^genlock_info\{version="[^"]+"\} 1$/m);
    for (const headers of [{}, { authorization: 'Bearer guess' }]) {
      const response = await fetch(`${gateway.url}/metrics`, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await response.text()).not.toContain('genlock_money');
    }
  });

  it('does not exist where a host name is a dialect’s', async () => {
    await start({ config: 'hosts: {kiara: kiara.test}' });
    const { status, body } = await withHost('kiara.test', '/metrics');
    expect(status).toBe(404);
    expect(body).not.toContain('genlock_info');
    expect((await withHost('other.test', '/metrics')).status).toBe(200);
  });

  it('counts requests by pattern, and never by what a caller wrote', async () => {
    await start();
    const { key } = await gateway.customer();
    const headers = { authorization: `Bearer ${key.key}` };
    await fetch(`${gateway.url}/kiara/v1/generations/gen_secret`, { headers });
    await fetch(`${gateway.url}/kiara/v1/secret-path`, { headers });
    await fetch(`${gateway.url}/secret-path`);
    await fetch(`${gateway.url}/kiara/v1/balance`, { method: 'DELETE', headers });
    await value(
      'genlock_http_requests_total{dialect="kiara",route="GET /kiara/v1/generations/:id",status="4xx"}',
    ).toBe(1);
    await value('genlock_http_requests_total{dialect="kiara",route="(none)",status="4xx"}').toBe(2);
    await value('genlock_http_requests_total{dialect="none",route="(none)",status="4xx"}').toBe(1);
    await value(
      'genlock_http_request_duration_seconds_count{dialect="kiara",route="GET /kiara/v1/generations/:id"}',
    ).toBe(1);
    await value('genlock_refusals_total{dialect="kiara",code="not_found"}').toBe(1);
    expect(await scrape()).not.toContain('secret');
  });

  it('knows event streams while they are open, and leaves their length out', async () => {
    await start();
    const { key } = await gateway.customer({ dialect: 'native' });
    const headers = { authorization: `Bearer ${key.key}` };
    const created = await fetch(`${gateway.url}/v1/generations`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'genlock/image',
        input: { prompt: 'a fox [[sandbox delay=60s]]' },
      }),
    });
    const { id } = (await created.json()) as { id: string };
    const leave = new AbortController();
    await fetch(`${gateway.url}/v1/generations/${id}/events`, { headers, signal: leave.signal });
    await value('genlock_sse_streams_open{dialect="native"}').toBe(1);
    leave.abort();
    await value('genlock_sse_streams_open{dialect="native"}').toBe(0);
    const route = 'dialect="native",route="GET /v1/generations/:id/events"';
    await value(`genlock_http_requests_total{${route},status="gone"}`).toBe(1);
    await value(`genlock_http_request_duration_seconds_count{${route}}`).toBe(0);
  });
});

describe('the line that a call is logged in', () => {
  const capture = () => {
    const lines: (Record<string, unknown> & { level: string })[] = [];
    const at = (level: string) => (fields: object, event: string) => lines.push({ ...fields, event, level });
    const log: Log = {
      ...silentLog,
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
    };
    return { lines, log };
  };

  it('says who called what and how it went, and nothing of what was written', async () => {
    const { lines, log } = capture();
    await start({ log });
    const { id, key } = await gateway.customer();
    const send = (path: string, init: RequestInit = {}) =>
      fetch(gateway.url + path, {
        ...init,
        headers: {
          authorization: `Bearer ${key.key}`,
          'content-type': 'application/json',
          'x-request-id': 'edge-1',
          'idempotency-key': 'idem-1',
        },
      });
    const response = await send('/kiara/v1/generations?q=private', {
      method: 'POST',
      body: JSON.stringify({ product_id: 'kiara-vogue', prompt: 'private words' }),
    });
    await response.text();
    const request = response.headers.get('x-request-id');
    await expect
      .poll(() => lines.filter((line) => line.event === 'request' && line.request === request))
      .toMatchObject([
        {
          level: 'info',
          method: 'POST',
          route: 'POST /kiara/v1/generations',
          dialect: 'kiara',
          status: response.status,
          account: id,
          key: key.id,
          client_request: 'edge-1',
        },
      ]);
    expect(JSON.stringify(lines)).not.toContain('private');
    expect(JSON.stringify(lines)).not.toContain(key.key);
  });

  it.each(['x'.repeat(65), 'a b', '"', 'é'])('leaves out an id that a caller made of %j', async (id) => {
    const { lines, log } = capture();
    await start({ log });
    await fetch(`${gateway.url}/healthz`, { headers: { 'x-request-id': id } });
    await expect.poll(() => lines.filter(({ event }) => event === 'request')).toHaveLength(1);
    expect(lines.find(({ event }) => event === 'request')?.client_request).toBeUndefined();
  });
});
