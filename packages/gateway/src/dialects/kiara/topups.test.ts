import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { caller, expectFault, idOf } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
});
afterAll(() => gateway.close());

const customer = async () => {
  const { id, key } = await gateway.customer({ credit_usd: '0' });
  return { id, call: caller(gateway, key.key) };
};
const pack = { pack: 'pack_25', currency: 'usdc' };

describe('packs', () => {
  it('are the five of the contract', async () => {
    const { call } = await customer();
    const { data, object } = (await call('GET', '/v1/packs')).json;
    expect(object).toBe('list');
    expect(data).toEqual(
      [10, 25, 50, 100, 250].map((usd) => ({
        id: `pack_${usd}`,
        object: 'pack',
        credits: usd * 100,
        usd: `${usd}.00`,
      })),
    );
  });
});

describe('a top-up', () => {
  it('waits for its payment, and credits the account once it came', async () => {
    const { call } = await customer();
    const created = await call('POST', '/v1/topups', pack);
    expect(created.status).toBe(201);
    const id = idOf(created);
    expect(created.headers.get('location')).toBe(`/kiara/v1/topups/${id}`);
    expect(created.json).toMatchObject({
      id: expect.stringMatching(/^top_[0-9A-HJKMNP-TV-Z]{26}$/),
      object: 'topup',
      status: 'pending',
      pack: 'pack_25',
      credits: 2500,
      usd: '25.00',
      payment: { method: 'crypto', currency: 'usdc', address: expect.stringContaining('not-a-real-address') },
    });
    expect((await call('GET', '/v1/balance')).json.credits).toBe(0);

    for (let n = 0; n < 2; n++)
      expect((await gateway.admin('POST', `/top-ups/${id}/confirm`)).status).toBe(200);
    expect((await call('GET', `/v1/topups/${id}`)).json).toMatchObject({ id, status: 'paid' });
    expect((await call('GET', '/v1/balance')).json.credits).toBe(2500);
  });

  it('is made once for one idempotency key', async () => {
    const { call } = await customer();
    const headers = { 'idempotency-key': 'buy' };
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => call('POST', '/v1/topups', pack, headers)),
    );
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    const other = await call('POST', '/v1/topups', { pack: 'pack_10' }, headers);
    expectFault(other, 'idempotency_conflict@409');
  });

  provokes('kiara', 'invalid_pack@400', 'an unknown pack', async () => {
    const { call } = await customer();
    expectFault(await call('POST', '/v1/topups', { pack: 'pack_nope' }), 'invalid_pack@400', 'pack');
    expectFault(await call('POST', '/v1/topups', { pack: '__proto__' }), 'invalid_pack@400', 'pack');
  });

  it('that is no valid request says which field', async () => {
    const { call } = await customer();
    for (const [body, field] of [
      [{}, 'pack'],
      [{ pack: 25 }, 'pack'],
      [{ ...pack, currency: 'doge' }, 'currency'],
    ] as const)
      expectFault(await call('POST', '/v1/topups', body), 'invalid_request@400', field);
    expectFault(await call('POST', '/v1/topups', '{'), 'invalid_request@400');
  });

  it('is nobody else’s', async () => {
    const mine = await customer();
    const id = idOf(await mine.call('POST', '/v1/topups', pack));
    expectFault(await (await customer()).call('GET', `/v1/topups/${id}`), 'not_found@404');
    const test = caller(gateway, (await gateway.createKey(mine.id, { mode: 'test' })).key);
    expectFault(await test('GET', `/v1/topups/${id}`), 'not_found@404');
    expectFault(await mine.call('GET', '/v1/topups/top_01J00000000000000000000000'), 'not_found@404');
    expectFault(await caller(gateway)('POST', '/v1/topups', pack), 'authentication_failed@401');
  });
});
