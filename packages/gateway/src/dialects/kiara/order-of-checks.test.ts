import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { B, caller, expectFault } from './testing.ts';

/*
 * Two errors at once: the answer names the one that comes first in section 16. Each line of the table is an error; every pair of neighbours
 * that can occur together is one test.
 */

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
});
afterEach(async () => {
  await gateway.admin('DELETE', '/faults');
  for (const id of ['kiara-vogue', 'kiara-style'])
    await gateway.admin('PATCH', `/models/kiara/${id}`, { status: null });
});
afterAll(() => gateway.close());

const customer = async ({
  credit_usd = '1',
  ...key
}: { credit_usd?: string } & Record<string, unknown> = {}) => {
  const made = await gateway.customer({ credit_usd, key });
  return { id: made.id, keyId: made.key.id, key: made.key.key, call: caller(gateway, made.key.key) };
};
const patchKey = (id: string, body: object) => gateway.admin('PATCH', `/keys/${id}`, body);
const limiterDown = () => gateway.admin('POST', '/faults', { point: 'limiter', effect: 'down' });
const pause = (product: string) => gateway.admin('PATCH', `/models/kiara/${product}`, { status: 'paused' });
const NOWHERE = { allowed_ips: ['203.0.113.7'] };
const NOBODY = { allowed_origins: ['https://app.example'] };

describe('the first of two errors is told:', () => {
  it('a revoked key before its lists', async () => {
    const { keyId, call } = await customer({ ...NOWHERE, ...NOBODY });
    await patchKey(keyId, { status: 'revoked' });
    expectFault(await call('POST', '/v1/generations', '{'), 'authentication_failed@401');
  });

  it('an unknown key before the limiter', async () => {
    await limiterDown();
    expectFault(await caller(gateway)('GET', '/v1/balance'), 'authentication_failed@401');
  });

  it('a paused key before its address', async () => {
    const { keyId, call } = await customer(NOWHERE);
    await patchKey(keyId, { status: 'paused' });
    expectFault(await call('GET', '/v1/balance'), 'account_disabled@403');
  });

  it('the address before the origin', async () => {
    const { call } = await customer({ ...NOWHERE, ...NOBODY });
    expectFault(await call('GET', '/v1/balance'), 'ip_not_allowed@403');
  });

  it('the origin before the limiter', async () => {
    const { call } = await customer(NOBODY);
    await limiterDown();
    expectFault(await call('GET', '/v1/balance'), 'origin_not_allowed@403');
  });

  it('the limiter before the route', async () => {
    const { call } = await customer({ limits: { reads_per_minute: 1 } });
    await call('GET', '/v1/balance');
    expectFault(await call('GET', '/v1/nope'), 'rate_limited@429');
    await limiterDown();
    expectFault(await call('POST', '/v1/nope'), 'rate_limiter_unavailable@503');
  });

  it('the route before the body', async () => {
    const { call } = await customer();
    expectFault(await call('POST', '/v1/nope', '{', { 'content-type': 'text/plain' }), 'not_found@404');
  });

  it('the limiter before the body', async () => {
    const { call } = await customer({ limits: { requests_per_minute: 1 } });
    await call('POST', '/v1/quotes', B);
    expectFault(await call('POST', '/v1/generations', '{'), 'rate_limited@429');
  });

  it('broken JSON before a used idempotency key', async () => {
    const { call } = await customer();
    const headers = { 'idempotency-key': 'k' };
    await call('POST', '/v1/generations', B, headers);
    expectFault(await call('POST', '/v1/generations', '{"prompt"', headers), 'invalid_request@400');
  });

  it('a used idempotency key before everything that follows', async () => {
    const { id, call } = await customer({ credit_usd: '0.06', limits: { unfinished_jobs: 1 } });
    const headers = { 'idempotency-key': 'k' };
    const vogue = { ...B, product: 'kiara-vogue' };
    const first = await call('POST', '/v1/generations', vogue, headers);
    expect(first.status).toBe(202);
    await pause('kiara-vogue');
    const replay = await call('POST', '/v1/generations', vogue, headers);
    expect([replay.status, replay.json.id]).toEqual([200, first.json.id]);
    for (const body of [{}, { ...B, product: 'nope' }, { ...B, product: 'kiara-edit' }])
      expectFault(await call('POST', '/v1/generations', body, headers), 'idempotency_conflict@409');
    expect((await gateway.admin('GET', `/accounts/${id}`)).status).toBe(200);
  });

  it('a shared field before an unknown product', async () => {
    const { call } = await customer();
    const answer = await call('POST', '/v1/generations', { seed: -1, product: 'nope', prompt: 'x' });
    expectFault(answer, 'invalid_request@400', 'seed');
  });

  it('an unknown product before its fields', async () => {
    const { call } = await customer();
    const answer = await call('POST', '/v1/generations', { ...B, product: 'nope', duration_seconds: 16 });
    expectFault(answer, 'invalid_product@400', 'product');
  });

  it('a missing source before other fields of the product', async () => {
    const { call } = await customer();
    const answer = await call('POST', '/v1/generations', { ...B, product: 'kiara-style', aspect: 'round' });
    expectFault(answer, 'source_image_required@400', 'source_image_url');
  });

  it('a missing source, and a bad field, before a paused product', async () => {
    const { call } = await customer();
    await pause('kiara-style');
    const style = { ...B, product: 'kiara-style' };
    expectFault(await call('POST', '/v1/generations', style), 'source_image_required@400');
    const half = { ...style, source_image_url: 'https://files.example/a.png' };
    expectFault(await call('POST', '/v1/generations', half), 'invalid_request@400', 'second_image_url');
    const whole = { ...half, second_image_url: 'https://files.example/b.png' };
    expectFault(await call('POST', '/v1/generations', whole), 'product_paused@409');
  });

  it('a paused product before a full queue, and that before an empty balance', async () => {
    const { call } = await customer({ credit_usd: '0', limits: { unfinished_jobs: 0 } });
    await pause('kiara-vogue');
    expectFault(
      await call('POST', '/v1/generations', { ...B, product: 'kiara-vogue' }),
      'product_paused@409',
    );
    expectFault(await call('POST', '/v1/generations', B), 'queue_full@429');
  });

  it('an empty balance before an objection of the provider', async () => {
    const { call } = await customer({ credit_usd: '0' });
    await gateway.admin('POST', '/faults', { point: 'provider', effect: 'down' });
    expectFault(await call('POST', '/v1/generations', B), 'insufficient_balance@402');
  });

  it('a job that is not there before its state', async () => {
    const mine = await customer();
    const theirs = await customer();
    const id = String((await mine.call('POST', '/v1/generations', B)).json.id);
    expectFault(await mine.call('POST', `/v1/generations/${id}/retry`), 'invalid_state@409');
    expectFault(await theirs.call('POST', `/v1/generations/${id}/retry`), 'not_found@404');
    expectFault(await mine.call('POST', `/v1/generations/${id}/retry`, '{'), 'invalid_request@400');
  });

  it('the size of an upload before what it is', async () => {
    const { call } = await customer();
    const blob = new Uint8Array(10_000_001);
    const answer = await call('POST', '/v1/uploads', blob, { 'content-type': 'image/png' });
    expectFault(answer, 'image_too_large@400');
  });
});
