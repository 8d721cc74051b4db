import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Answer,
  BATCH,
  batchCall,
  type Call,
  CHAT,
  customer,
  INFERENCE,
  inlineCalls,
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
  ajv.addSchema((await (await fetch(`${gateway.url}/docs/openapi/llmtune.json`)).json()) as object, 'doc');
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

it('texts, batches and errors', async () => {
  for (const { path, body } of inlineCalls) {
    const described = path === INFERENCE ? '/v1/models/{id}/inference' : path;
    const answer = await call('POST', path, body);
    expect(answer.status).toBe(200);
    expectDescribed(described, 'post', answer);
  }
  const batch = await call('POST', BATCH, batchCall.body);
  expectDescribed(BATCH, 'post', batch);
  const { batchId } = batch.json as { batchId: string };
  expectDescribed('/v1/batch/{batchId}', 'get', await call('GET', `/v1/batch/${batchId}`));
  expectDescribed('/v1/batch/{batchId}', 'get', await call('GET', '/v1/batch/none'));
  expectDescribed(CHAT, 'post', await call('POST', CHAT, {}));
});

it.each([
  '/v1/models',
  '/api/models/list',
  '/api/agent/v1/models',
  '/api/agent/models',
  '/api/usage/summary',
  '/api/health',
])('%s', async (path) => {
  const answer = await call('GET', path);
  expect(answer.status).toBe(200);
  expectDescribed(path, 'get', answer);
});
