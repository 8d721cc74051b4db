import { afterAll, beforeAll, expect, it } from 'vitest';
import { describedBy, type ExpectDescribed } from '../../testing/described.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, customer, IMAGE, idOf, SPEECH, TEXT, VIDEO } from './testing.ts';

/* Every kind of answer fits its description in the OpenAPI document. */

let gateway: TestGateway;
let call: Call;
let expectDescribed: ExpectDescribed;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ call } = await customer(gateway));
  expectDescribed = await describedBy(gateway, 'native');
});
afterAll(() => gateway.close());

it('orders of every kind, ended well and badly', async () => {
  const wait = { prefer: 'wait=45' };
  for (const body of [IMAGE, VIDEO, SPEECH, TEXT]) {
    const answer = await call('POST', '/generations', body, wait);
    expect(answer.json.status).toBe('succeeded');
    expectDescribed('/generations', 'post', answer);
    expectDescribed('/generations/{id}', 'get', await call('GET', `/generations/${idOf(answer)}`));
  }
  const failed = await call('POST', '/generations', IMAGE, {
    ...wait,
    'genlock-sandbox': 'error=upstream_failed',
  });
  expectDescribed('/generations', 'post', failed);
  expectDescribed(
    '/generations',
    'post',
    await call('POST', '/generations', IMAGE, { 'idempotency-key': 'k' }),
  );
  expectDescribed('/generations', 'post', await call('POST', '/generations', {}));
});

it('lists, models, money', async () => {
  for (const path of [
    '/generations',
    '/models',
    '/balance',
    '/usage',
    '/webhook-endpoints',
    '/webhook-secret',
  ])
    expectDescribed(path, 'get', await call('GET', path));
  expectDescribed('/models/{id}', 'get', await call('GET', '/models/genlock/text'));
  expectDescribed('/models/{id}', 'get', await call('GET', '/models/genlock%2Fvideo'));
  const quote = await call('POST', '/quotes', {
    ...VIDEO,
    input: { ...VIDEO.input, sound: true, seconds: 10 },
  });
  expectDescribed('/quotes', 'post', quote);
  expect(quote.json.usd).toBe('0.25');
  const { data, charged_usd } = (await call('GET', '/usage')).json;
  expect(data).toMatchObject([
    { model: 'genlock/image', images: expect.any(Number), failed: 1 },
    { model: 'genlock/speech', characters: 13, images: 0 },
    { model: 'genlock/text' },
    { model: 'genlock/video', seconds: 1 },
  ]);
  expect(Number(charged_usd)).toBeGreaterThan(0.03);
});

it('webhooks and files', async () => {
  const made = await call('POST', '/webhook-endpoints', { url: 'https://hooks.example/' });
  expectDescribed('/webhook-endpoints', 'post', made);
  const path = `/webhook-endpoints/${idOf(made)}`;
  expectDescribed('/webhook-endpoints/{id}', 'get', await call('GET', path));
  expectDescribed('/webhook-endpoints/{id}', 'patch', await call('PATCH', path, { status: 'active' }));
  expectDescribed(
    '/webhook-endpoints/{id}/rotate-secret',
    'post',
    await call('POST', `${path}/rotate-secret`),
  );
  const id = idOf(await call('POST', '/generations', IMAGE, { prefer: 'wait=45' }));
  expectDescribed('/webhook-endpoints/{id}/deliveries', 'get', await call('GET', `${path}/deliveries`));
  const log = await call('GET', `/generations/${id}/deliveries`);
  expectDescribed('/generations/{id}/deliveries', 'get', log);
  const [delivery] = log.json.data as { id: string }[];
  expectDescribed(
    '/webhook-deliveries/{id}',
    'get',
    await call('GET', `/webhook-deliveries/${delivery?.id}`),
  );
  const again = await call('POST', `/webhook-deliveries/${delivery?.id}/redeliver`);
  expectDescribed('/webhook-deliveries/{id}/redeliver', 'post', again);
  const { assets } = (await call('GET', `/generations/${id}`)).json.output as { assets: { id: string }[] };
  expectDescribed('/assets/{id}', 'get', await call('GET', `/assets/${assets[0]?.id}`));
});
