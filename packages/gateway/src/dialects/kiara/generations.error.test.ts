import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { listen } from '../../testing/listen.ts';
import { B, type Call, caller, ended, expectFault, idOf, started } from './testing.ts';

let gateway: TestGateway;
let files: Server;
let gone: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  files = createServer((_request, response) => response.writeHead(404).end());
  gone = `${await listen(files)}/gone.png`;
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(async () => {
  files.close();
  await gateway.close();
});

const UNKNOWN = 'gen_01J00000000000000000000000';
const customer = async (credit_usd = '100', key: object = {}, from: TestGateway = gateway) => {
  const made = await from.customer({ credit_usd, key: { limits: { requests_per_minute: 1000 }, ...key } });
  return { id: made.id, key: made.key, call: caller(from, made.key.key) };
};
const fault = (point: string, effect: string) => gateway.admin('POST', '/faults', { point, effect });
const credits = async (call: Call) => (await call('GET', '/v1/balance')).json.credits;

describe('a body', () => {
  provokes('kiara', 'invalid_request@400', 'each bad field', async () => {
    const { call } = await customer();
    for (const [body, field] of [
      [{}, 'prompt'],
      [{ prompt: 'x'.repeat(4001) }, 'prompt'],
      [{ ...B, prompt: '   ' }, 'prompt'],
      [{ ...B, seed: -1 }, 'seed'],
      [{ ...B, seed: 4294967296 }, 'seed'],
      ['{"prompt":"x","seed":1.0}', 'seed'],
      [{ ...B, duration_seconds: 16 }, 'duration_seconds'],
      [{ ...B, webhook_url: 'http://x' }, 'webhook_url'],
      [{ ...B, metadata: { big: 'x'.repeat(5000) } }, 'metadata'],
      // Rounded when read, so another number would be shown.
      [{ ...B, metadata: { order: [2 ** 60] } }, 'metadata'],
      ['{"prompt":"x","metadata":{"order":1e400}}', 'metadata'],
    ] as const)
      expectFault(await call('POST', '/v1/generations', body), 'invalid_request@400', field);
  });

  it.each([
    ['broken JSON', '{"prompt":', {}],
    ['an array', '[]', {}],
    ['nothing', '', {}],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}],
    ['more than 256 KB', `{"prompt":"x","pad":"${'x'.repeat(262_144)}"}`, {}],
    ['a form', 'prompt=x', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['NUL in the prompt', '{"prompt":"a\\u0000b"}', {}],
    ['an empty idempotency key', B, { 'idempotency-key': ' ' }],
    ['an idempotency key with a space', B, { 'idempotency-key': 'a b' }],
    ['an idempotency key of 256 characters', B, { 'idempotency-key': 'x'.repeat(256) }],
  ])('that is %s is refused', async (_what, body, headers) => {
    const { call } = await customer();
    expectFault(await call('POST', '/v1/generations', body, headers), 'invalid_request@400');
  });

  provokes('kiara', 'invalid_product@400', 'an unknown product', async () => {
    const { call } = await customer();
    const answer = await call('POST', '/v1/generations', { ...B, product: 'kiara-nope' });
    expectFault(answer, 'invalid_product@400', 'product');
  });

  provokes('kiara', 'source_image_required@400', 'an edit without a picture', async () => {
    const { call } = await customer();
    for (const [product, field] of [
      ['kiara-edit', 'source_image_url'],
      ['kiara-dream-fast-image', 'start_image_url'],
    ] as const) {
      const answer = await call('POST', '/v1/generations', { ...B, product });
      expectFault(answer, 'source_image_required@400', field);
    }
  });
});

describe('credits', () => {
  provokes('kiara', 'insufficient_balance@402', 'an account without credits, or one too few', async () => {
    expectFault(await (await customer('0')).call('POST', '/v1/generations', B), 'insufficient_balance@402');
    const { call } = await customer('0.16');
    const second = { ...B, product: 'kiara-dream-fast', duration_seconds: 1 };
    expectFault(await call('POST', '/v1/generations', second), 'insufficient_balance@402');
    expect((await call('GET', '/v1/generations')).json.data).toEqual([]);
    expect(await credits(call)).toBe(16);
  });
});

describe('states', () => {
  provokes('kiara', 'not_found@404', 'a job that is not there', async () => {
    const { call } = await customer();
    expectFault(await call('GET', `/v1/generations/${UNKNOWN}`), 'not_found@404');
    expectFault(await call('POST', `/v1/generations/${UNKNOWN}/cancel`), 'not_found@404');
    expectFault(await call('POST', `/v1/generations/${UNKNOWN}/retry`), 'not_found@404');
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=%20', 'cursor=-', 'status=done', 'product=nope'])(
    'a list with %s is refused',
    async (query) => {
      const { call } = await customer();
      const field = query.split('=')[0];
      expectFault(await call('GET', `/v1/generations?${query}`), 'invalid_request@400', field);
    },
  );

  provokes('kiara', 'product_paused@409', 'a paused product; its jobs go on', async () => {
    const { call } = await customer();
    const job = { ...B, product: 'kiara-vogue' };
    const before = idOf(await call('POST', '/v1/generations', job, { 'idempotency-key': 'k' }));
    const pause = (status: string | null) => gateway.admin('PATCH', '/models/kiara/kiara-vogue', { status });
    await pause('paused');
    expectFault(await call('POST', '/v1/generations', job), 'product_paused@409');
    expect(idOf(await call('POST', '/v1/generations', job, { 'idempotency-key': 'k' }))).toBe(before);
    expect((await ended(gateway, call, before)).json.status).toBe('completed');
    await pause(null);
    expect((await call('POST', '/v1/generations', job)).status).toBe(202);
  });

  provokes(
    'kiara',
    'invalid_state@409',
    'canceling what runs or ended, retrying what did not fail',
    async () => {
      const { call } = await customer();
      const running = idOf(await call('POST', '/v1/generations', B, { 'genlock-sandbox': 'delay=600s' }));
      await started(gateway, running);
      const refused = await call('POST', `/v1/generations/${running}/cancel`);
      expectFault(refused, 'invalid_state@409');
      expect(refused.json.error).toMatchObject({ reason: 'not_cancelable' });
      expectFault(await call('POST', `/v1/generations/${running}/retry`), 'invalid_state@409');
      await gateway.admin('POST', `/generations/${running}/cancel`);
      expectFault(await call('POST', `/v1/generations/${running}/retry`), 'invalid_state@409');

      const done = idOf(await call('POST', '/v1/generations', B));
      await ended(gateway, call, done);
      expectFault(await call('POST', `/v1/generations/${done}/cancel`), 'invalid_state@409');
      expectFault(await call('POST', `/v1/generations/${done}/retry`), 'invalid_state@409');
    },
  );

  provokes(
    'kiara',
    'idempotency_conflict@409',
    'a key used with another body, also an invalid one',
    async () => {
      const { call } = await customer();
      const headers = { 'idempotency-key': 'k1' };
      await call('POST', '/v1/generations', B, headers);
      for (const body of [{ prompt: 'another' }, { ...B, extra: 1 }, { ...B, seed: -1 }, {}])
        expectFault(await call('POST', '/v1/generations', body, headers), 'idempotency_conflict@409');
    },
  );
});

describe('the limiter', () => {
  provokes('kiara', 'rate_limited@429', '61 calls in a minute; after the wait it works again', async () => {
    let now = Date.now();
    const frozen = await startTestGateway({ worker: false, now: () => now });
    try {
      const { call } = await customer('100', { limits: {} }, frozen);
      for (let n = 0; n < 60; n++)
        expect((await call('POST', '/v1/generations', B)).status).toBe(n < 50 ? 202 : 429);
      const limited = await call('POST', '/v1/quotes', B);
      expectFault(limited, 'rate_limited@429');
      expect(limited.headers.get('x-ratelimit-limit')).toBe('60');
      expect(limited.headers.get('x-ratelimit-remaining')).toBe('0');
      expect((await call('GET', '/v1/balance')).headers.get('x-ratelimit-limit')).toBe('600');
      const other = caller(frozen, (await frozen.createKey((await frozen.customer()).id)).key);
      expect((await other('POST', '/v1/quotes', B)).status).toBe(200);

      now += Number(limited.headers.get('retry-after')) * 1000;
      expect((await call('POST', '/v1/quotes', B)).status).toBe(200);
      expectFault(await call('POST', '/v1/quotes', B), 'rate_limited@429');
    } finally {
      await frozen.close();
    }
  });

  provokes('kiara', 'rate_limiter_unavailable@503', 'a limiter that is down: nothing passes', async () => {
    const { call } = await customer();
    await fault('limiter', 'down');
    expectFault(await call('POST', '/v1/generations', B), 'rate_limiter_unavailable@503');
    await fault('limiter', 'error');
    expectFault(await call('GET', '/v1/balance'), 'rate_limiter_unavailable@503');
    expect((await call('GET', '/v1/generations')).json.data).toEqual([]);
    expect(await credits(call)).toBe(10_000);
  });

  provokes('kiara', 'queue_full@429', '51 unfinished jobs on one key; another key still works', async () => {
    const stopped = await startTestGateway({ worker: false });
    try {
      const { id, call } = await customer('100', {}, stopped);
      const made = await Promise.all(Array.from({ length: 50 }, () => call('POST', '/v1/generations', B)));
      expect(new Set(made.map(({ status }) => status))).toEqual(new Set([202]));
      const full = await call('POST', '/v1/generations', B);
      expectFault(full, 'queue_full@429');
      const other = caller(stopped, (await stopped.createKey(id)).key);
      expect((await other('POST', '/v1/generations', B)).status).toBe(202);
      await call('POST', `/v1/generations/${made.map(idOf)[0]}/cancel`);
      expect((await call('POST', '/v1/generations', B)).status).toBe(202);
    } finally {
      await stopped.close();
    }
  });
});

describe('the backend', () => {
  provokes(
    'kiara',
    'service_unavailable@503',
    'a provider, a store or a server that is not there',
    async () => {
      const { call } = await customer();
      await fault('provider', 'down');
      expectFault(await call('POST', '/v1/generations', B), 'service_unavailable@503');
      await fault('store.write', 'error');
      expectFault(await call('POST', '/v1/generations', B), 'service_unavailable@503');
      await fault('ledger', 'error');
      expectFault(await call('POST', '/v1/generations', B), 'service_unavailable@503');
      await fault('store.list', 'error');
      expectFault(await call('GET', '/v1/generations'), 'service_unavailable@503');
      await fault('store.read', 'garbage');
      expectFault(await call('GET', `/v1/generations/${UNKNOWN}`), 'service_unavailable@503');
      await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { routes: [] });
      expectFault(
        await call('POST', '/v1/generations', { ...B, product: 'kiara-vogue' }),
        'service_unavailable@503',
      );
      await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { routes: null });
      expect((await call('GET', '/v1/generations')).json.data).toEqual([]);
      expect(await credits(call)).toBe(10_000);
    },
  );

  it('that drains refuses new work, and still reads and replays', async () => {
    const draining = await startTestGateway();
    try {
      const { call } = await customer('1', {}, draining);
      const headers = { 'idempotency-key': 'k' };
      const id = idOf(await call('POST', '/v1/generations', B, headers));
      await draining.drain(0);
      expectFault(await call('POST', '/v1/generations', B), 'service_unavailable@503');
      expect(idOf(await call('POST', '/v1/generations', B, headers))).toBe(id);
      expect((await call('GET', `/v1/generations/${id}`)).status).toBe(200);
    } finally {
      await draining.close();
    }
  });

  provokes('kiara', 'service_unavailable@502', 'a provider that answers garbage at submission', async () => {
    const { call } = await customer();
    await fault('provider', 'garbage');
    expectFault(await call('POST', '/v1/generations', B), 'service_unavailable@502');
    const steered = { 'genlock-sandbox': 'error=upstream_invalid_result at=admit' };
    expectFault(await call('POST', '/v1/generations', B, steered), 'service_unavailable@502');
    expect(await credits(call)).toBe(10_000);
  });

  provokes(
    'kiara',
    'generation_failed@job',
    'a source that cannot be fetched: failed and refunded',
    async () => {
      const { id, call } = await customer('1');
      const body = { ...B, product: 'kiara-edit', source_image_url: gone };
      const job = idOf(await call('POST', '/v1/generations', body));
      const failed = await ended(gateway, call, job);
      expect(failed.json).toMatchObject({
        status: 'failed',
        result: null,
        error: { code: 'generation_failed', message: expect.any(String) },
        credits: { held: 0, charged: 0, refunded: 5 },
      });
      const error = failed.json.error as { message: string; request_id: string };
      expect(error.request_id).toMatch(/^req_/);
      expect(error.message).not.toMatch(/404|127\.0\.0\.1/);
      expect(await credits(call)).toBe(100);
      const ledger = await gateway.admin<{ data: { type: string; usd: string }[] }>(
        'GET',
        `/accounts/${id}/ledger`,
      );
      expect(ledger.body.data.map(({ type, usd }) => `${type} ${usd}`)).toEqual([
        'top_up 1',
        'hold 0.05',
        'release 0.05',
      ]);
    },
  );

  it('that refuses the words of a prompt fails the job: the catalogue has no code to say it before', async () => {
    const { call } = await customer();
    const job = idOf(
      await call('POST', '/v1/generations', B, { 'genlock-sandbox': 'error=content_rejected at=run' }),
    );
    expect((await ended(gateway, call, job)).json).toMatchObject({
      status: 'failed',
      error: { code: 'generation_failed' },
    });
  });
});
