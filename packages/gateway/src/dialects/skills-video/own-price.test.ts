import { expect, it } from 'vitest';
import { startTestGateway } from '../../testing/gateway.ts';
import { create, customer, IMAGE, P } from './testing.ts';

it('a price of the operator’s may depend on any input, also where that of the contract does not', async () => {
  const price = '{ unit: image, usd: 0.04, factors: { aspect_ratio: { "16:9": 2 } } }';
  const gateway = await startTestGateway({
    worker: false,
    config: `models: { skills-video/${IMAGE}: { price: ${price} } }`,
  });
  try {
    const { call } = await customer(gateway);
    const priceOf = async (aspect_ratio: string) =>
      (await call('POST', create(IMAGE), { ...P, aspect_ratio })).json;
    expect(await priceOf('1:1')).toMatchObject({ usage: { total: 4 } });
    expect(await priceOf('16:9')).toMatchObject({ usage: { total: 8 } });
  } finally {
    await gateway.close();
  }
});
