import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { scripted } from '../../testing/scripted-provider.ts';
import { balanceOf, customer, expectFault, film, IMAGE, IMAGES, VIDEO } from './testing.ts';

/** Charges for each call, cannot be asked about a call, and loses the connection after it has accepted. */
const paid = scripted('paid', [
  () => {
    throw new GenlockError('upstream_failed', undefined, { accepted: 'maybe', raw: 'the connection died' });
  },
]);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ providers: [paid] });
  for (const { model } of [IMAGE, VIDEO])
    await gateway.admin('PATCH', `/models/getimg/${model}`, { routes: [{ provider: 'paid', model: 'm' }] });
});
afterAll(() => gateway.close());

describe('a provider of which nobody can tell whether it did the work', () => {
  it('is called once for an image, which costs its caller nothing', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    paid.calls.length = 0;
    expectFault(await call('POST', IMAGES, IMAGE), 'server_error@500');
    expect(paid.calls).toHaveLength(1);
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
  });

  it('is called once for a video, which fails', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    paid.calls.length = 0;
    const failed = await film(gateway, call);
    expect(failed.json).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
    expect(paid.calls).toHaveLength(1);
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
  });
});
