import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPaidGateway } from '../../../providers/openai-compatible/testing/paid-gateway.ts';
import { provokes } from '../../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import {
  AGENT,
  BATCH,
  balanceOf,
  batchCall,
  CHAT,
  type Customer,
  caller,
  customer,
  eventsOf,
  expectFault,
  inlineCalls,
  M,
  movesOf,
  question,
  setFault,
} from '../testing.ts';

let gateway: TestGateway;
let one: Customer;
beforeAll(async () => {
  gateway = await startTestGateway();
  one = await customer(gateway);
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(() => gateway.close());

const user = (content: unknown) => ({ model: M, messages: [{ role: 'user', content }] });

describe('something broken here', () => {
  provokes('llmtune', 'internal_error@500', 'a store or a ledger that fails', async () => {
    const two = await customer(gateway);
    for (const { path, body } of [...inlineCalls, batchCall])
      for (const [point, effect] of [
        ['store.write', 'error'],
        ['store.write', 'garbage'],
        ['ledger', 'error'],
      ] as const) {
        await setFault(gateway, point, effect);
        expectFault(await two.call('POST', path, body), 'internal_error@500');
      }
    expect(await movesOf(gateway, two.id)).toEqual([]);
    expect((await two.call('POST', CHAT, question)).status).toBe(200);
  });

  it('is told in the same shape when it is said at submission', async () => {
    const answer = await one.call('POST', CHAT, question, {
      'genlock-sandbox': 'error=internal_error at=admit',
    });
    expectFault(answer, 'internal_error@500');
  });
});

describe('the model backend', () => {
  provokes('llmtune', 'upstream_error@502', 'garbage, nothing, or a dropped connection', async () => {
    const two = await customer(gateway);
    for (const { path, body } of inlineCalls) {
      for (const effect of ['garbage', 'error']) {
        await setFault(gateway, 'provider', effect);
        expectFault(await two.call('POST', path, body), 'upstream_error@502');
      }
      for (const directive of [
        'result=garbage',
        'result=empty',
        'drop=after_accept',
        'error=upstream_failed',
      ]) {
        const answer = await two.call('POST', path, body, { 'genlock-sandbox': directive });
        expectFault(answer, 'upstream_error@502');
      }
    }
    await setFault(gateway, 'provider', 'garbage');
    expectFault(await two.call('POST', BATCH, batchCall.body), 'upstream_error@502');
    expect((await balanceOf(gateway, two.id)).available_usd).toBe('10');
  });

  provokes('llmtune', 'service_unavailable@503', 'down, loading, too slow, or without a route', async () => {
    const two = await customer(gateway);
    for (const { path, body } of inlineCalls) {
      await setFault(gateway, 'provider', 'down');
      expectFault(await two.call('POST', path, body), 'service_unavailable@503');
      for (const code of ['upstream_unavailable', 'upstream_timeout', 'upstream_rate_limited']) {
        const steered = { ...body, ...('messages' in body ? user(`x [[sandbox error=${code}]]`) : {}) };
        const header = 'messages' in body ? {} : { 'genlock-sandbox': `error=${code}` };
        expectFault(await two.call('POST', path, steered, header), 'service_unavailable@503');
      }
    }
    await setFault(gateway, 'provider', 'down');
    expectFault(await two.call('POST', BATCH, batchCall.body), 'service_unavailable@503');
    await setFault(gateway, 'limiter', 'down');
    expectFault(await two.call('GET', '/v1/models'), 'service_unavailable@503');

    const model = `/models/llmtune/${encodeURIComponent(M)}`;
    await gateway.admin('PATCH', model, { routes: [] });
    expectFault(await two.call('POST', CHAT, question), 'service_unavailable@503');
    await gateway.admin('PATCH', model, { routes: null, billable: false });
    expectFault(await two.call('POST', CHAT, question), 'service_unavailable@503');
    await gateway.admin('PATCH', model, { billable: null });
    expect((await balanceOf(gateway, two.id)).available_usd).toBe('10');
  });

  provokes('llmtune', 'service_unavailable@503', 'a server that drains, health included', async () => {
    const going = await startTestGateway();
    const { call } = await customer(going);
    expect((await call('GET', '/api/health')).json).toEqual({ status: 'ok' });
    await going.drain(0);
    for (const { path, body } of [...inlineCalls, batchCall])
      expectFault(await call('POST', path, body), 'service_unavailable@503');
    expectFault(await call('GET', '/api/health'), 'service_unavailable@503');
    expect((await call('GET', '/v1/models')).status).toBe(200);
    await going.close();
  });

  it('that breaks off before its first event is told as an ordinary error, streamed or not', async () => {
    const answer = await one.call(
      'POST',
      CHAT,
      { ...question, stream: true },
      { 'genlock-sandbox': 'error=upstream_failed' },
    );
    expectFault(answer, 'upstream_error@502');
  });

  it.each([CHAT, AGENT])(
    'that breaks off in the middle of a stream ends it with one error event: %s',
    async (path) => {
      const two = await customer(gateway);
      const answer = await two.call(
        'POST',
        path,
        { ...question, stream: true },
        { 'genlock-sandbox': 'drop=after_accept' },
      );
      expect(answer.status).toBe(200);
      const events = eventsOf(answer);
      expect(JSON.parse(events.at(-1) ?? '')).toEqual({
        error: 'upstream_error',
        message: expect.any(String),
      });
      expect(answer.text).not.toContain('[DONE]');
      expect(events.filter((data) => data.includes('"error"'))).toHaveLength(1);
      const { id } = JSON.parse(events[0] ?? '');
      // What was streamed is charged: 6 tokens in, 3 out, and the one that was on its way.
      expect(await gateway.core.store.generation(id)).toMatchObject({
        status: 'failed',
        failure: { code: 'upstream_failed' },
        delivered: { inputTokens: 6, outputTokens: 3 },
        charged: 5,
      });
      expect((await balanceOf(gateway, two.id)).held_usd).toBe('0');
    },
  );

  it('that breaks off in the middle of an answer that is not streamed costs nothing', async () => {
    const two = await customer(gateway);
    for (const { path, body } of inlineCalls)
      expectFault(
        await two.call('POST', path, body, { 'genlock-sandbox': 'drop=after_accept' }),
        'upstream_error@502',
      );
    expect((await balanceOf(gateway, two.id)).available_usd).toBe('10');
  });

  provokes(
    'llmtune',
    'upstream_error@502',
    'paid work of which nobody knows, not to be repeated',
    async () => {
      const paid = await startPaidGateway(`llmtune/${M}`);
      const two = await customer(paid.gateway);
      for (const { path, body } of inlineCalls) {
        const before = paid.double.count('POST /v1/chat/completions');
        paid.double.script('POST /v1/chat/completions', 'drop');
        const answer = await two.call('POST', path, body);
        expectFault(answer, 'upstream_error@502');
        expect(answer.headers.get('x-should-retry')).toBe('false');
        expect(answer.json.message).toBe('Nobody can tell whether the provider did the work.');
        expect(paid.double.count('POST /v1/chat/completions') - before).toBe(1);
      }
      const { data } = await paid.gateway.core.store.generations(
        { accountId: two.id, dialect: 'llmtune', mode: 'live' },
        9,
      );
      expect(data.map(({ failure, charged }) => [failure?.code, charged])).toEqual(
        inlineCalls.map(() => ['outcome_unknown', 0]),
      );
      await paid.close();
    },
  );

  it('that failed in its own words may be asked again', async () => {
    const answer = await one.call('POST', CHAT, question, { 'genlock-sandbox': 'error=upstream_failed' });
    expect(answer.headers.get('x-should-retry')).toBeNull();
  });

  it('that comes back is used again', async () => {
    await setFault(gateway, 'provider', 'down', 2);
    expectFault(await one.call('POST', CHAT, question), 'service_unavailable@503');
    expectFault(await one.call('GET', '/api/health'), 'service_unavailable@503');
    expect((await one.call('GET', '/api/health')).status).toBe(200);
    expect((await one.call('POST', CHAT, question)).status).toBe(200);
  });
});

describe('health', () => {
  it('needs no key, and says when the store does not answer', async () => {
    const nobody = caller(gateway);
    expect((await nobody('GET', '/api/health')).json).toEqual({ status: 'ok' });
    await setFault(gateway, 'store.read', 'error');
    expectFault(await nobody('GET', '/api/health'), 'service_unavailable@503');
  });
});
