import { afterAll, beforeAll, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { customer, expectProblem, SPEECH } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    worker: false,
    config: 'models: { native/genlock/speech: { price: { unit: second, usd: 0.01 } } }',
  });
});
afterAll(() => gateway.close());

it('speech by the second, which nobody counts before it is spoken, is refused and not free', async () => {
  for (const mode of ['live', 'test']) {
    const { call } = await customer(gateway, { key: { mode } });
    for (const path of ['/generations', '/quotes'])
      expectProblem(await call('POST', path, SPEECH), 'model_not_billable@409');
  }
});
