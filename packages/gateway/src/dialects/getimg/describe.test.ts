import { afterAll, beforeAll, expect, it } from 'vitest';
import { describedBy, type ExpectDescribed } from '../../testing/described.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, customer, film, IMAGE, IMAGES, idOf, VIDEO, VIDEOS } from './testing.ts';

/* Answers fit their description in the OpenAPI document. */

let gateway: TestGateway;
let call: Call;
let expectDescribed: ExpectDescribed;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ call } = await customer(gateway));
  expectDescribed = await describedBy(gateway, 'getimg');
});
afterAll(() => gateway.close());

const ONE = '/v2/videos/generations/{id}';

it('images and errors', async () => {
  const made = await call('POST', IMAGES, IMAGE);
  expect(made.status).toBe(200);
  expectDescribed(IMAGES, 'post', made);
  expectDescribed(IMAGES, 'post', await call('POST', IMAGES, {}));
  expectDescribed(ONE, 'get', await call('GET', `${VIDEOS}/none`));
});

it('videos: submitted, pending, completed, failed', async () => {
  const submitted = await call('POST', VIDEOS, { ...VIDEO, prompt: 'a mug [[sandbox delay=500ms]]' });
  expectDescribed(VIDEOS, 'post', submitted);
  expectDescribed(ONE, 'get', await call('GET', `${VIDEOS}/${idOf(submitted)}`));
  for (const [body, status] of [
    [VIDEO, 'completed'],
    [{ ...VIDEO, prompt: 'a mug [[sandbox error=upstream_failed]]' }, 'failed'],
  ] as const) {
    const done = await film(gateway, call, body);
    expect(done.json).toMatchObject({ status });
    expectDescribed(ONE, 'get', done);
  }
});

it('models', async () => {
  const models = await call('GET', '/v2/models');
  expect(models.status).toBe(200);
  expectDescribed('/v2/models', 'get', models);
});
