import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { CHAT_ONLY, type Customer, customer, INACTIVE, M } from './testing.ts';

let gateway: TestGateway;
let one: Customer;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
  one = await customer(gateway);
});
afterAll(() => gateway.close());

const ids = (json: { data: { id: string }[] }) => json.data.map(({ id }) => id);

describe('the catalogue', () => {
  it('is one body for both envelopes, with prices', async () => {
    const { status, json } = await one.call('GET', '/api/models/list');
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, object: 'list', count: 2 });
    expect(json.data[0]).toEqual({
      id: M,
      object: 'model',
      name: 'Llama 3.3 70B',
      owned_by: 'Meta',
      active: true,
      context_length: 131_072,
      capabilities: ['inference', 'chat', 'agent', 'fine-tune'],
      pricing: { input_per_million: 0.6, output_per_million: 0.6, currency: 'USD' },
    });
    expect(ids(json)).toEqual([M, CHAT_ONLY]);
    expect((await one.call('GET', '/v1/models')).json).toEqual(json);
  });

  it('shows inactive models when asked to', async () => {
    const { json } = await one.call('GET', '/api/models/list?active=false');
    expect(json.data.map(({ id, active }: { id: string; active: boolean }) => [id, active])).toEqual([
      [M, true],
      [CHAT_ONLY, true],
      [INACTIVE, false],
    ]);
  });

  it('follows the operator', async () => {
    const model = `/models/llmtune/${encodeURIComponent(CHAT_ONLY)}`;
    await gateway.admin('PATCH', model, { status: 'inactive' });
    expect(ids((await one.call('GET', '/v1/models')).json)).toEqual([M]);
    await gateway.admin('PATCH', model, { status: null });
  });
});

describe('the lists for coding clients', () => {
  it('have the models that they may use, in two envelopes', async () => {
    const data = [{ id: M, name: 'Llama 3.3 70B', owned_by: 'Meta' }];
    expect((await one.call('GET', '/api/agent/v1/models')).json).toEqual({ object: 'list', data });
    expect((await one.call('GET', '/api/agent/models')).json).toEqual({ success: true, data, count: 1 });
    expect(ids((await one.call('GET', '/api/agent/models?active=false')).json)).toEqual([M, INACTIVE]);
  });
});
