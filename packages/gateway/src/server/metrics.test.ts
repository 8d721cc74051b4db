import { mkdir } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { measure } from '../gateway/metrics/measure.ts';
import { renderImage } from '../providers/sandbox/media/image.ts';
import type { ImageJob } from '../providers/sandbox/media/jobs.ts';
import { createMetrics } from '../telemetry/registry.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../testing/gateway.ts';
import { startReceiver } from '../testing/receiver.ts';
import { scripted } from '../testing/scripted-provider.ts';

let gateway: TestGateway;
afterEach(() => gateway.close(0));

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

/** Other programs may keep the machine busy. */
const PATIENCE = { timeout: 20_000 };

/** The value of a series, polled because counting follows the answer. */
const value = (series: string) =>
  expect.poll(async () => {
    const line = (await scrape()).split('\n').find((one) => one.startsWith(`${series} `));
    return line && Number(line.slice(series.length + 1));
  }, PATIENCE);

const aPicture = async () => {
  const size = { width: 256, height: 256 };
  const job = { kind: 'image', prompt: 'x', seed: 1, ...size, format: 'png', sources: [] } satisfies ImageJob;
  const { bytes, contentType } = await renderImage(job);
  return { state: 'finished', outputs: [{ bytes, contentType }] } as const;
};

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

  it('is served at an address of its own where one is set, without a token and with nothing beside it', async () => {
    await start({ config: 'metrics: { listen: "127.0.0.1:0" }' });
    const url = gateway.metricsUrl ?? '';
    expect(url).not.toContain(gateway.url);
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toContain('genlock_info');
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/admin/v1/models'],
      ['POST', '/metrics'],
    ] as const)
      expect((await fetch(new URL(path, url), { method })).status).toBe(404);
    expect(await scrape()).toContain('genlock_info');
  });

  it('says which address cannot be listened on', async () => {
    await start();
    const dataDir = join(gateway.dataDir, 'second');
    await mkdir(dataDir);
    const config = `metrics: { listen: "${new URL(gateway.url).host}" }`;
    await expect(startTestGateway({ config, dataDir })).rejects.toThrow(
      /^metrics\.listen: cannot listen on 127\.0\.0\.1:/,
    );
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

  it('counts what was no HTTP', async () => {
    await start();
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () =>
      socket.end('nonsense\r\n\r\n'),
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    await value('genlock_http_requests_total{dialect="none",route="(broken)",status="4xx"}').toBe(1);
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

describe('what is measured of the work', () => {
  const order = async (path: string, body: object, headers: Record<string, string>) => {
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as { id: string } };
  };
  const IMAGE = { model: 'genlock/image', input: { prompt: 'a red mug', size: '256x256' } };
  const customer = async (options: Parameters<TestGateway['customer']>[0] = {}) => {
    const { id, key } = await gateway.customer({ dialect: 'native', ...options });
    return { id, headers: { authorization: `Bearer ${key.key}` } };
  };

  it('follows a job and its money from admission to capture', async () => {
    await start();
    const { headers } = await customer({ credit_usd: '3' });
    await value('genlock_money_usd_total{dialect="none",movement="topped_up"}').toBe(3);
    const { id } = (await order('/v1/generations', IMAGE, headers)).body;
    const job = 'dialect="native",kind="image",model="genlock/image",mode="live"';
    await value(`genlock_jobs_admitted_total{${job}}`).toBe(1);
    await value(`genlock_jobs_ended_total{${job},status="succeeded"}`).toBe(1);
    const { body } = await gateway.admin<{ quote_usd: string; charged_usd: string }>(
      'GET',
      `/generations/${id}`,
    );
    const money = (movement: string) =>
      value(`genlock_money_usd_total{dialect="native",movement="${movement}"}`);
    await money('held').toBe(Number(body.quote_usd));
    await money('captured').toBe(Number(body.charged_usd));
    await money('released').toBeUndefined();
    await value('genlock_job_queue_seconds_count{dialect="native",kind="image"}').toBe(1);
    await value('genlock_job_run_seconds_count{dialect="native",kind="image",status="succeeded"}').toBe(1);
    await value('genlock_holds_open').toBe(0);
    await value('genlock_store_up').toBe(1);
    expect(await scrape()).toMatch(
      /^genlock_attempts_total\{provider="sandbox",model="[^"]+",outcome="succeeded",code="none"\} 1$/m,
    );
    expect(await scrape()).toMatch(/^genlock_store_write_batch_size_count [1-9]/m);
  });

  it('tells by route what callers were charged, what it costs, and which calls were lost', async () => {
    const told = async () => ({ ...(await aPicture()), cost: 4_000, lostCalls: 2 });
    await start({ providers: [scripted('paid', [told])] });
    await gateway.admin('PATCH', '/models/native/genlock%2Fimage', {
      routes: [{ provider: 'paid', model: 'imagine' }],
    });
    const { headers } = await customer();
    const { id } = (await order('/v1/generations', IMAGE, headers)).body;
    await value('genlock_route_cost_usd_total{provider="paid",model="imagine"}').toBe(0.004);
    await value('genlock_lost_calls_total{provider="paid",model="imagine"}').toBe(2);
    const { body } = await gateway.admin<{ charged_usd: string; cost_usd: string }>(
      'GET',
      `/generations/${id}`,
    );
    await value('genlock_route_charged_usd_total{provider="paid",model="imagine"}').toBe(
      Number(body.charged_usd),
    );
    expect(body).toMatchObject({ cost_usd: '0.004', attempts: [{ cost_usd: '0.004', lost_calls: 2 }] });
  });

  it('tells why work failed, and that its hold went back', async () => {
    await start();
    const { headers } = await customer();
    const steered = { ...headers, 'genlock-sandbox': 'error=content_rejected' };
    const { id } = (await order('/v1/generations', IMAGE, steered)).body;
    await value('genlock_job_failures_total{dialect="native",kind="image",code="content_rejected"}').toBe(1);
    const { body } = await gateway.admin<{ quote_usd: string }>('GET', `/generations/${id}`);
    await value('genlock_money_usd_total{dialect="native",movement="released"}').toBe(Number(body.quote_usd));
    expect(await scrape()).toMatch(
      /^genlock_attempts_total\{provider="sandbox",model="[^"]+",outcome="failed",code="content_rejected"\} 1$/m,
    );
  });

  it('follows text that is answered as it runs', async () => {
    await start();
    const { headers } = await customer({ dialect: 'llmtune' });
    const [model] = gateway.core.models.list('llmtune').filter(({ kind }) => kind === 'text');
    const chat = { model: model?.id, messages: [{ role: 'user', content: 'Tell me of the sea.' }] };
    expect((await order('/llmtune/v1/chat/completions', chat, headers)).status).toBe(200);
    const job = `dialect="llmtune",kind="text",model="${model?.id}",mode="live"`;
    await value(`genlock_jobs_ended_total{${job},status="succeeded"}`).toBe(1);
    expect(await scrape()).toMatch(
      /^genlock_attempts_total\{provider="sandbox",model="[^"]+",outcome="succeeded",code="none"\} 1$/m,
    );
  });

  it('sees the backlog in the store, also that of other processes', async () => {
    await start({ worker: false });
    const { headers } = await customer();
    const { id } = (await order('/v1/generations', IMAGE, headers)).body;
    await value('genlock_jobs_waiting').toBe(1);
    await value('genlock_jobs_running').toBe(0);
    await value('genlock_holds_open').toBe(1);
    const { body } = await gateway.admin<{ quote_usd: string }>('GET', `/generations/${id}`);
    await value('genlock_holds_open_usd').toBe(Number(body.quote_usd));
    await value('genlock_queue_oldest_due_seconds').toBeGreaterThan(0);
    await value('genlock_webhook_lag_seconds').toBe(0);
    await gateway.admin('POST', '/reconcile');
    await value('genlock_ledger_drift_usd').toBe(0);
  });

  it('answers without the store, and says that it is away', async () => {
    await start();
    const { metrics, render } = createMetrics();
    const core = { ...gateway.core, metrics };
    await measure(core);
    expect((await render()).text).toMatch(/^genlock_jobs_waiting 0$/m);
    const away = { backlog: () => Promise.reject(new GenlockError('storage_unavailable')) };
    await measure({ ...core, store: { ...core.store, ...away } });
    const { text } = await render();
    expect(text).toMatch(/^genlock_store_up 0$/m);
    expect(text).not.toMatch(/^genlock_jobs_waiting \d/m);
  });

  it('counts refusals by limit', async () => {
    await start();
    const { headers } = await customer({ key: { limits: { reads_per_minute: 1 } } });
    for (let n = 0; n < 3; n++) await fetch(`${gateway.url}/v1/models`, { headers });
    await value('genlock_limit_refusals_total{dialect="native",limit="reads_per_minute"}').toBe(2);
    await value('genlock_refusals_total{dialect="native",code="rate_limited"}').toBe(2);
  });

  it('tells how webhooks went', async () => {
    await start();
    const receiver = await startReceiver();
    receiver.answers.push(500);
    const { id, headers } = await customer();
    const body = { dialect: 'native', url: receiver.url, events: ['generation.succeeded'] };
    await gateway.admin('POST', `/accounts/${id}/webhook-endpoints`, body);
    await order('/v1/generations', IMAGE, headers);
    await value('genlock_webhook_attempts_total{dialect="native",outcome="retry"}').toBe(1);
    await value('genlock_webhooks_pending').toBe(1);
    await value('genlock_webhook_duration_seconds_count{dialect="native"}').toBe(1);
    receiver.close();
  });

  it('shows the routes that are left alone, and models that callers made as one', async () => {
    await start();
    const { core } = gateway;
    const [route] = core.models.list('native')[0]?.routes ?? [];
    const fail = (model: string) => {
      for (let n = 0; n < 50; n++)
        core.routeBoard.begin({ provider: 'paid', model }).failed(new GenlockError('upstream_unavailable'));
    };
    fail(route?.model ?? '');
    fail('trained/of-a-customer');
    await value(`genlock_route_health{provider="paid",model="${route?.model}"}`).toBe(0);
    await value('genlock_route_health{provider="paid",model="custom"}').toBe(0);
    expect(await scrape()).not.toContain('of-a-customer');
    for (const model of [route?.model ?? '', 'trained/of-a-customer'])
      core.routeBoard.reset({ provider: 'paid', model });
    await value('genlock_route_health{provider="paid",model="custom"}').toBeUndefined();
  });
});
