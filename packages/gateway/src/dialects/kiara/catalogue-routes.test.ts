import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { B, type Call, caller, expectFault } from './testing.ts';

let gateway: TestGateway;
let call: Call;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
  call = caller(gateway, (await gateway.customer({ credit_usd: '1' })).key.key);
});
afterAll(() => gateway.close());

interface WireProduct {
  readonly id: string;
  readonly status: string;
  readonly pricing: object;
  readonly inputs: readonly { readonly name: string; readonly required: boolean }[];
}

describe('products', () => {
  it('are listed with price and inputs', async () => {
    const { object, data } = (await call('GET', '/v1/products')).json as {
      object: string;
      data: WireProduct[];
    };
    expect(object).toBe('list');
    expect(data).toHaveLength(7);
    expect(data[0]).toMatchObject({
      id: 'kiara-image-pro',
      object: 'product',
      name: 'Kiara Image Pro',
      kind: 'image',
      output: 'image/jpeg',
      status: 'active',
      stability: 'stable',
      pricing: { unit: 'call', usd: '0.10', credits: '10' },
      average_seconds: 60,
    });
    expect(data[0]?.inputs[0]).toEqual({ name: 'prompt', type: 'string', required: true, min: 1, max: 4000 });
  });

  it('are read one by one', async () => {
    const { json } = await call('GET', '/v1/products/kiara-dream-fast-image');
    expect(json).toMatchObject({
      output: 'video/mp4',
      pricing: {
        unit: 'second',
        usd: '0.166',
        credits: '16.6',
        multipliers: { resolution: { '1080p': 1.5 }, generate_audio: { true: 1.2 } },
      },
    });
    expect((json as unknown as WireProduct).inputs).toContainEqual({
      name: 'start_image_url',
      type: 'string',
      required: true,
      min: 1,
      max: 2048,
    });
    expectFault(await call('GET', '/v1/products/kiara-nope'), 'not_found@404');
  });

  it('tell that they are paused', async () => {
    await gateway.admin('PATCH', '/models/kiara/kiara-edit', { status: 'paused' });
    expect((await call('GET', '/v1/products/kiara-edit')).json.status).toBe('paused');
    await gateway.admin('PATCH', '/models/kiara/kiara-edit', { status: null });
    expect((await call('GET', '/v1/products/kiara-edit')).json.status).toBe('active');
  });
});

describe('a quote', () => {
  it.each([
    [B, 10, '0.10'],
    [{ ...B, product: 'kiara-vogue', image_quality: '4k' }, 9, '0.09'],
    [{ ...B, product: 'kiara-dream-fast' }, 83, '0.83'],
    [{ ...B, product: 'kiara-dream-fast', duration_seconds: 1 }, 17, '0.17'],
    [{ ...B, product: 'kiara-dream-fast', duration_seconds: 15 }, 249, '2.49'],
  ])('of %j is %d credits', async (body, credits, usd) => {
    const { status, json } = await call('POST', '/v1/quotes', body);
    expect(status).toBe(200);
    const product = 'product' in body ? body.product : 'kiara-image-pro';
    expect(json).toEqual({ product, credits, usd, max_credits: credits });
  });

  it('is validated like a job, and looks neither at pauses nor at credits', async () => {
    expectFault(await call('POST', '/v1/quotes', { ...B, seed: -1 }), 'invalid_request@400', 'seed');
    expectFault(await call('POST', '/v1/quotes', { ...B, product: 'x' }), 'invalid_product@400', 'product');
    const edit = { ...B, product: 'kiara-edit' };
    expectFault(await call('POST', '/v1/quotes', edit), 'source_image_required@400', 'source_image_url');
    await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { status: 'paused' });
    expect((await call('POST', '/v1/quotes', { ...B, product: 'kiara-vogue' })).status).toBe(200);
    await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { status: null });
    const dear = { ...B, product: 'kiara-dream-fast', duration_seconds: 15 };
    expect((await call('POST', '/v1/quotes', dear)).json.credits).toBe(249);
    expect((await call('GET', '/v1/generations')).json.data).toEqual([]);
    expectFault(await caller(gateway)('POST', '/v1/quotes', B), 'authentication_failed@401');
  });
});

describe('prices that are no whole credits', () => {
  it('are told as what is enough to pay them, and the balance adds up', async () => {
    const odd = await startTestGateway({
      worker: false,
      config: 'models: {kiara/kiara-image-pro: {price: {unit: call, usd: "0.125"}}}',
    });
    try {
      const buyer = caller(odd, (await odd.customer({ credit_usd: '1.01' })).key.key);
      expect((await buyer('POST', '/v1/quotes', B)).json).toMatchObject({ credits: 13, usd: '0.125' });
      const { id, credits } = (await buyer('POST', '/v1/generations', B)).json;
      expect(credits).toEqual({ held: 13, charged: 0, refunded: 0 });
      expect((await buyer('GET', '/v1/balance')).json).toMatchObject({
        credits: 101,
        held: 13,
        available: 88,
      });
      const canceled = (await buyer('POST', `/v1/generations/${id}/cancel`)).json;
      expect(canceled.credits).toEqual({ held: 0, charged: 0, refunded: 13 });
    } finally {
      await odd.close();
    }
  });
});

describe('the balance', () => {
  it('is what there is, what is held and what is left', async () => {
    const other = caller(gateway, (await gateway.customer({ credit_usd: '12.40' })).key.key);
    await other('POST', '/v1/generations', { ...B, product: 'kiara-dream-fast' });
    expect((await other('GET', '/v1/balance')).json).toEqual({
      object: 'balance',
      mode: 'live',
      credits: 1240,
      held: 83,
      available: 1157,
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expectFault(await caller(gateway)('GET', '/v1/balance'), 'authentication_failed@401');
  });
});
