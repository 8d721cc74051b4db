import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { CHAT, CHAT_ONLY, customer, ended, expectFault, M, question, setFault } from './testing.ts';
import { readPeriod } from './usage-period.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(() => gateway.close());

const SUMMARY = '/api/usage/summary';

describe('the usage summary', () => {
  it('adds up what was admitted, by model, and leaves out what was refused', async () => {
    const { call, id } = await customer(gateway);
    const empty = (await call('GET', SUMMARY)).json.data;
    expect(empty).toMatchObject({ requests: 0, successRate: 1, spend: 0, balance: 10, byModel: [] });

    const first = (await call('POST', CHAT, { ...question, max_tokens: 10 })).json.usage;
    await call('POST', CHAT, { ...question, model: CHAT_ONLY, max_tokens: 10 });
    await call('POST', CHAT, question, { 'genlock-sandbox': 'error=upstream_failed' });
    await call('POST', CHAT, { ...question, temperature: 9 });
    const requests = [{ id: 'a', prompt: 'The sea', maxTokens: 10 }];
    const batch = (await call('POST', '/v1/batch/inference', { modelId: M, requests })).json.batchId;
    await ended(gateway, batch);

    const { json } = await call('GET', SUMMARY);
    const spent = 10 + 1 + 7; // micro-dollars, rounded for each: 16 tokens at 0.6, 6 at 0.05 and 10 at 0.08, 12 at 0.6
    expect(json).toEqual({
      success: true,
      data: {
        period: { from: expect.stringMatching(/-01T00:00:00\.000Z$/), to: expect.any(String) },
        balance: (10_000_000 - spent) / 1e6,
        currency: 'USD',
        requests: 4,
        inputTokens: 6 + 6 + 2,
        outputTokens: 30,
        totalTokens: 44,
        spend: spent / 1e6,
        errors: 1,
        successRate: 0.75,
        latency: { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) },
        trainingJobs: 0,
        byModel: [
          { model: CHAT_ONLY, requests: 1, tokens: 16, spend: 0.000001 },
          { model: M, requests: 3, tokens: first.total_tokens + 12, spend: 0.000017 },
        ],
      },
    });
    const { body } = await gateway.admin<{ balance: { available_usd: string } }>('GET', `/accounts/${id}`);
    expect(Number(body.balance.available_usd)).toBe(json.data.balance);
  });

  it('is of the period that was asked for, and of nobody else', async () => {
    const { call } = await customer(gateway);
    await call('POST', CHAT, { ...question, max_tokens: 1 });
    const requests = async (query: string) => (await call('GET', `${SUMMARY}?${query}`)).json.data.requests;
    const today = new Date().toISOString().slice(0, 10);
    expect(await requests(`from=${today}&to=${today}`)).toBe(1);
    expect(await requests('from=2020-01-01&to=2020-12-31')).toBe(0);
    expect(await requests('from=2020-01-01T00:00:00Z')).toBe(1);
    const other = await customer(gateway);
    expect((await other.call('GET', SUMMARY)).json.data.requests).toBe(0);
  });

  provokes('llmtune', 'invalid_request@400', 'a date that is none', async () => {
    const { call } = await customer(gateway);
    for (const query of [
      'from=yesterday',
      'to=2026-13-01',
      'from=2026-02-30',
      'from=2026-02-30T00:00:00Z',
      'from=',
      'from=2026-01-02&to=2026-01-01',
      'from=2026-01-01&from=2026-01-02',
      'to=1767607200',
      'from=%00',
    ])
      expectFault(await call('GET', `${SUMMARY}?${query}`), 'invalid_request@400');
  });
});

describe('readPeriod', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');

  it('is the current month by default', () => {
    expect(readPeriod({}, now)).toEqual({ from: Date.parse('2026-03-01T00:00:00Z'), to: now + 1 });
  });

  it('takes a day as its whole, and times as they are', () => {
    expect(readPeriod({ from: '2026-03-01', to: '2026-03-01' }, now)).toEqual({
      from: Date.parse('2026-03-01T00:00:00Z'),
      to: Date.parse('2026-03-02T00:00:00Z'),
    });
    expect(readPeriod({ from: '2026-03-01T02:00:00+02:00', to: '2026-03-01T00:00:01.5Z' }, now)).toEqual({
      from: Date.parse('2026-03-01T00:00:00Z'),
      to: Date.parse('2026-03-01T00:00:01.5Z'),
    });
  });
});

describe('something broken', () => {
  it('in the limiter is told as everywhere', async () => {
    const { call } = await customer(gateway);
    await setFault(gateway, 'limiter', 'error');
    expectFault(await call('GET', SUMMARY), 'service_unavailable@503');
  });
});
