import { afterAll, beforeAll, expect, it } from 'vitest';
import { describedBy, type ExpectDescribed } from '../../testing/described.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, create, customer, ended, IMAGE, idOf, P, SHORT, SMALL_FILM, SPEECH } from './testing.ts';

/* Answers fit their description in the OpenAPI document. */

let gateway: TestGateway;
let call: Call;
let expectDescribed: ExpectDescribed;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ call } = await customer(gateway));
  expectDescribed = await describedBy(gateway, 'skills-video');
});
afterAll(() => gateway.close());

const TASK = '/api/v1/generation/{id}';

it.each([
  [IMAGE, P],
  [SMALL_FILM, SHORT],
  [SPEECH, { text: 'Good morning.' }],
])('a task of %s', async (model, body) => {
  const created = await call('POST', create(model), body);
  expect(created.status).toBe(202);
  expectDescribed(TASK, 'post', created);
  const answer = await ended(gateway, call, idOf(created));
  expect(answer.json).toMatchObject({ status: 'COMPLETED' });
  expectDescribed(TASK, 'get', answer);
});

it('speech and errors', async () => {
  const path = '/api/v1/ai/tts/generate';
  const spoken = await call('POST', path, { modelId: SPEECH, input: { text: 'Good morning.' } });
  expect(spoken.status).toBe(200);
  expectDescribed(path, 'post', spoken);
  expectDescribed(path, 'post', await call('POST', path, {}));
  expectDescribed(TASK, 'post', await call('POST', create(IMAGE), {}));
  expectDescribed(TASK, 'get', await call('GET', '/api/v1/generation/none'));
});

it.each(['/api/v1/models', '/api/v1/credits'])('%s', async (path) => {
  const answer = await call('GET', path);
  expect(answer.status).toBe(200);
  expectDescribed(path, 'get', answer);
});
