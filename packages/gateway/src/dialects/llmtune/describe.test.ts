import { afterAll, beforeAll, expect, it } from 'vitest';
import { describedBy, type ExpectDescribed } from '../../testing/described.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { BATCH, batchCall, type Call, CHAT, customer, INFERENCE, inlineCalls } from './testing.ts';

/* Answers fit their description in the OpenAPI document. */

let gateway: TestGateway;
let call: Call;
let expectDescribed: ExpectDescribed;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ call } = await customer(gateway));
  expectDescribed = await describedBy(gateway, 'llmtune');
});
afterAll(() => gateway.close());

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
