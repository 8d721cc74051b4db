import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { caller, customer, expectFault, IMAGE, IMAGES, VIDEO, VIDEOS } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false, config: 'moderation:\n  words: [forbidden]\n' });
});
afterAll(() => gateway.close());

/*
 * Section 10: route, key, submissions per minute, body, balance, safety, concurrency, run. Each pair of neighbours is tested on both
 * routes, and so the whole order.
 */

const ROUTES = [
  { path: IMAGES, order: IMAGE, perMinute: 'requests_per_minute' },
  { path: VIDEOS, order: VIDEO, perMinute: 'video_requests_per_minute' },
];
const BAD_PROMPT = { prompt: 'forbidden' };
const DOWN = { 'genlock-sandbox': 'error=upstream_failed at=admit' };

it.each(ROUTES)('$path: the route comes before the key', async ({ path }) => {
  for (const [method, other] of [
    ['GET', path],
    ['DELETE', path],
    ['POST', `${path}/`],
    ['POST', `${path}x`],
  ] as const)
    expectFault(await caller(gateway, 'sk_wrong')(method, other), 'not_found@404');
});

it.each(ROUTES)('$path: the key comes before the limit and the body', async ({ path }) => {
  await gateway.admin('POST', '/faults', { point: 'limiter', effect: 'delay=1' });
  expectFault(await caller(gateway, 'sk_wrong')('POST', path, '{broken'), 'invalid_api_key@401');
  await gateway.admin('DELETE', '/faults');
});

it.each(ROUTES)('$path: the limit of the minute comes before the body', async ({ path, perMinute }) => {
  const { call } = await customer(gateway, { key: { limits: { [perMinute]: 1 } } });
  await call('POST', path, {});
  for (const body of ['{broken', 'x'.repeat(300_000), {}])
    expectFault(await call('POST', path, body), 'rate_limit@429');
});

it.each(ROUTES)('$path: the body comes before the balance', async ({ path, order }) => {
  const { call } = await customer(gateway, { credit_usd: '0' });
  expectFault(
    await call('POST', path, { ...order, resolution: '5K' }),
    'invalid_parameter@400',
    'resolution',
  );
  await gateway.admin('PATCH', `/models/getimg/${order.model}`, { status: 'paused' });
  expectFault(await call('POST', path, order), 'invalid_parameter@400', 'model');
  await gateway.admin('PATCH', `/models/getimg/${order.model}`, { status: null });
});

it.each(ROUTES)('$path: the balance comes before safety, concurrency and run', async ({ path, order }) => {
  const { call } = await customer(gateway, { credit_usd: '0', key: { limits: { concurrent: 0 } } });
  expectFault(await call('POST', path, { ...order, ...BAD_PROMPT }), 'quota_exceeded@402');
  expectFault(await call('POST', path, order), 'quota_exceeded@402');
  expectFault(await call('POST', path, order, DOWN), 'quota_exceeded@402');
  await gateway.admin('PATCH', `/models/getimg/${order.model}`, { routes: [] });
  expectFault(await call('POST', path, order), 'quota_exceeded@402');
  await gateway.admin('PATCH', `/models/getimg/${order.model}`, { routes: null });
});

it.each(ROUTES)('$path: safety comes before concurrency', async ({ path, order }) => {
  const { call } = await customer(gateway, { key: { limits: { concurrent: 0 } } });
  const refused = await call('POST', path, { ...order, ...BAD_PROMPT });
  expectFault(refused, 'content_policy_violation@422', 'prompt');
});

it.each(ROUTES)('$path: concurrency comes before run', async ({ path, order }) => {
  const { id, call } = await customer(gateway, { key: { limits: { concurrent: 0 } } });
  expectFault(await call('POST', path, order, DOWN), 'rate_limit@429');
  const free = await gateway.createKey(id, { dialect: 'getimg' });
  const authorization = `Bearer ${free.key}`;
  expectFault(await call('POST', path, order, { ...DOWN, authorization }), 'server_error@500');
});

it('what is wrong with the key is told once, whatever else is', async () => {
  const { key, call } = await customer(gateway, { credit_usd: '0', key: { limits: { concurrent: 0 } } });
  await gateway.admin('PATCH', `/keys/${key.id}`, { status: 'revoked' });
  const answer = await call('POST', IMAGES, {});
  expectFault(answer, 'invalid_api_key@401');
  expect(answer.headers.get('x-ratelimit-limit')).toBeNull();
});
