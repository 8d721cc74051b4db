import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { specs } from './models.ts';
import { type Call, customer, expectFault } from './testing.ts';

let gateway: TestGateway;
let call: Call;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ call } = await customer(gateway));
});
afterAll(() => gateway.close());

const FIELDS = '?fields=input_schema,output_schema';
const list = async (query = '') =>
  (await call('GET', `/v1/models${query}`)).json as unknown as readonly { [name: string]: unknown }[];

describe('GET /v1/models', () => {
  it('is a bare list of all, without schemas unless they are asked for', async () => {
    const all = await list();
    expect(all.map(({ namespace }) => namespace)).toEqual(specs.map(({ id }) => id));
    expect(all[0]).toEqual({
      name: 'TrueFusion',
      description: expect.any(String),
      namespace: 'truefusion',
      type: 'image',
      privacy: 'public',
      img_url: null,
      vendor: expect.objectContaining({ name: 'Skytells', slug: 'skytells', verified: true }),
      billable: true,
      pricing: { amount: 0.03, currency: 'USD', unit: 'image' },
      capabilities: ['text-to-image', 'image-to-image'],
      metadata: { edge_compatible: false, openai_compatible: false, cold_boot: false },
      status: 'operational',
      service: expect.any(Object),
    });
    const [first] = await list(FIELDS);
    expect(first).toMatchObject({
      input_schema: {
        type: 'object',
        required: ['prompt'],
        properties: {
          prompt: { type: 'string', title: 'Prompt', 'x-order': 0 },
          aspect_ratio: { type: 'string', enum: expect.arrayContaining(['16:9']), default: '1:1' },
          image: { type: 'string', format: 'uri' },
        },
      },
      output_schema: { type: 'array', items: { type: 'string', format: 'uri' } },
    });
    const [some] = await list('?fields=output_schema,nonsense');
    expect(some).toHaveProperty('output_schema');
    expect(some).not.toHaveProperty('input_schema');
  });

  it('prices every model, text by its two rates', async () => {
    for (const model of await list()) expect(model.pricing).toMatchObject({ amount: expect.any(Number) });
    const router = (await list()).find(({ namespace }) => namespace === 'deepbrain-router');
    expect(router).toMatchObject({
      type: 'text',
      metadata: { openai_compatible: true },
      pricing: {
        amount: 0.5,
        unit: 'million_token',
        criterias: [{ field: 'token_type', operator: '==', value: 'output', billable_price: 1.25 }],
      },
    });
  });
});

describe.each(['/v1/models', '/v1/model'])('GET %s/{slug}', (path) => {
  it('finds a model by its slug, encoded or not, with the schemas asked for', async () => {
    const [expected] = await list(FIELDS);
    for (const slug of ['truefusion', 'skytells%2Ftruefusion', 'TrueFusion'])
      expect((await call('GET', `${path}/${slug}${FIELDS}`)).json).toEqual(expected);
    expect((await call('GET', `${path}/truefusion`)).json).not.toHaveProperty('input_schema');
    expect((await call('HEAD', `${path}/truefusion`)).status).toBe(200);
  });

  it('shows what the operator made of it', async () => {
    await gateway.admin('PATCH', '/models/skytells/lumo', { status: 'inactive', billable: false });
    expect((await call('GET', `${path}/lumo`)).json).toMatchObject({ status: 'offline', billable: false });
    await gateway.admin('DELETE', '/models/skytells/lumo');

    const source = async () => {
      const { json } = await call('GET', `${path}/lipfusion?fields=input_schema`);
      const { required, properties } = json.input_schema as { required: string[]; properties: object };
      return [required, Object.keys(properties)];
    };
    const others = ['audio', 'prompt', 'seed', 'watermark'];
    await gateway.admin('PATCH', '/models/skytells/lipfusion', { input_field: 'clip' });
    expect(await source()).toEqual([['clip'], ['clip', ...others]]);
    await gateway.admin('PATCH', '/models/skytells/lipfusion', { input_field: null });
    expect(await source()).toEqual([['video'], ['video', ...others]]);
    await gateway.admin('DELETE', '/models/skytells/lipfusion');
  });

  provokes('skytells', 'MODEL_NOT_FOUND@404', 'a slug that nobody has', async () => {
    for (const slug of ['no-such-model', 'other%2Ftruefusion', '__proto__', '%20', '%00', 'a%2Fb%2Fc'])
      expectFault(await call('GET', `${path}/${slug}`), 'MODEL_NOT_FOUND@404', { parameter: 'model' });
  });
});

describe('a price of the operator', () => {
  it('is shown and charged', async () => {
    const config = [
      'models:',
      '  skytells/truefusion:',
      '    price: {unit: call, usd: "0.5"}',
      '  skytells/lumo:',
      '    price: {unit: second, usd: "0.1", factors: {resolution: {1080p: 2}}}',
    ].join('\n');
    const priced = await startTestGateway({ config: `${config}\n` });
    const { call: mine } = await customer(priced);
    expect((await mine('GET', '/v1/model/truefusion')).json.pricing).toEqual({
      amount: 0.5,
      currency: 'USD',
      unit: 'prediction',
    });
    expect((await mine('GET', '/v1/model/lumo')).json.pricing).toMatchObject({
      amount: 0.1,
      criterias: [{ field: 'resolution', value: '1080p', billable_price: 0.2, unit: 'second' }],
    });
    const input = { prompt: 'x', seconds: 3, resolution: '1080p' };
    const created = await mine('POST', '/v1/predict', { model: 'lumo', input });
    expect(created.json.metadata).toMatchObject({ billing: { credits_used: 0.6 } });
    await mine('DELETE', `/v1/predictions/${created.json.id}`);
    await priced.close();
  });
});
