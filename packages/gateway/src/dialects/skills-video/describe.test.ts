import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Answer,
  type Call,
  create,
  customer,
  ended,
  IMAGE,
  idOf,
  P,
  SHORT,
  SMALL_FILM,
  SPEECH,
} from './testing.ts';

/*
 * Answers are what the OpenAPI document says of them.
 */

let gateway: TestGateway;
let call: Call;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ call } = await customer(gateway));
  ajv.addSchema(
    (await (await fetch(`${gateway.url}/docs/openapi/skills-video.json`)).json()) as object,
    'doc',
  );
});
afterAll(() => gateway.close());

function expectDescribed(path: string, method: string, answer: Answer): void {
  const pointer = [
    'paths',
    path,
    method,
    'responses',
    `${answer.status}`,
    'content',
    'application/json',
    'schema',
  ];
  const parts = pointer.map((part) => encodeURIComponent(part.replaceAll('/', '~1')));
  const validate = ajv.compile({ $ref: `doc#/${parts.join('/')}` });
  expect(validate(answer.json), `${method} ${path}: ${ajv.errorsText(validate.errors)}`).toBe(true);
}

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
