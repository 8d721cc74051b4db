import { afterAll, beforeAll, expect, it } from 'vitest';
import { describedBy, type ExpectDescribed } from '../../testing/described.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { formWithPixel } from '../../testing/pixel.ts';
import { B, type Call, caller, ended, idOf } from './testing.ts';

/* Answers fit their description in the OpenAPI document. */

let gateway: TestGateway;
let call: Call;
let expectDescribed: ExpectDescribed;
beforeAll(async () => {
  gateway = await startTestGateway();
  call = caller(gateway, (await gateway.customer({ credit_usd: '10' })).key.key);
  expectDescribed = await describedBy(gateway, 'kiara');
});
afterAll(() => gateway.close());

const GENERATIONS = '/v1/generations';
const ONE = '/v1/generations/{id}';

async function order(body: object, key: string) {
  const answer = await call('POST', GENERATIONS, body, { 'idempotency-key': key });
  expectDescribed(GENERATIONS, 'post', answer);
  return answer;
}

it.each([
  ['an image', { ...B, metadata: { order: 1 } }],
  ['a film', { ...B, product: 'kiara-dream-fast', duration_seconds: 1, resolution: '480p' }],
])('%s', async (what, body) => {
  const done = await ended(gateway, call, idOf(await order(body, what.replace(' ', '-'))));
  expect(done.json).toMatchObject({ status: 'completed' });
  expectDescribed(ONE, 'get', done);
});

it('what failed, a replay, a retry and a list', async () => {
  const body = { prompt: 'a mug [[sandbox error=upstream_failed]]' };
  const id = idOf(await order(body, 'fails'));
  const done = await ended(gateway, call, id);
  expect(done.json).toMatchObject({ status: 'failed' });
  expectDescribed(ONE, 'get', done);
  expect((await order(body, 'fails')).status).toBe(200);
  expectDescribed(`${ONE}/retry`, 'post', await call('POST', `${GENERATIONS}/${id}/retry`));
  expectDescribed(`${ONE}/cancel`, 'post', await call('POST', `${GENERATIONS}/${id}/cancel`));
  expectDescribed(GENERATIONS, 'get', await call('GET', `${GENERATIONS}?limit=1`));
});

it.each([
  ['/healthz', '/healthz'],
  ['/v1/products', '/v1/products'],
  ['/v1/products/{id}', '/v1/products/kiara-vogue'],
  ['/v1/balance', '/v1/balance'],
  ['/v1/packs', '/v1/packs'],
])('%s', async (described, path) => {
  const answer = await call('GET', path);
  expect(answer.status).toBe(200);
  expectDescribed(described, 'get', answer);
});

it('quotes, top-ups, uploads and errors', async () => {
  expectDescribed('/v1/quotes', 'post', await call('POST', '/v1/quotes', B));
  const topUp = await call('POST', '/v1/topups', { pack: 'pack_10' });
  expectDescribed('/v1/topups', 'post', topUp);
  expectDescribed('/v1/topups/{id}', 'get', await call('GET', `/v1/topups/${idOf(topUp)}`));
  expectDescribed('/v1/uploads', 'post', await call('POST', '/v1/uploads', formWithPixel()));
  expectDescribed(GENERATIONS, 'post', await call('POST', GENERATIONS, {}));
  expectDescribed(ONE, 'get', await call('GET', `${GENERATIONS}/none`));
});

it('names the members of every object', async () => {
  const document = await (await fetch(`${gateway.url}/docs/openapi/kiara.json`)).text();
  expect(document).not.toContain('"schema":{"type":"object"}');
});
