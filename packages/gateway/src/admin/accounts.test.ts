import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { expectProblem, raw } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

describe('POST /accounts', () => {
  it('opens an account on the default plan, with nothing', async () => {
    expect(await gateway.admin('POST', '/accounts', { name: 'Acme' })).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^acct_[0-9A-Z]{26}$/),
        name: 'Acme',
        plan: 'pro',
        status: 'active',
        balance: { available_usd: '0', held_usd: '0' },
        limits: {},
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    });
  });

  it('credits the permanent bucket by a transfer', async () => {
    const { body } = await gateway.admin('POST', '/accounts', {
      name: 'Acme',
      plan: 'enterprise',
      credit_usd: '25.00',
      limits: { concurrent: 0 },
    });
    expect(body).toMatchObject({
      plan: 'enterprise',
      balance: { available_usd: '25', held_usd: '0' },
      limits: { concurrent: 0 },
    });
    const ledger = await gateway.admin('GET', `/accounts/${body.id}/ledger`);
    expect(ledger.body).toMatchObject({ data: [{ type: 'top_up', usd: '25' }], next_cursor: null });
  });

  it.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: '\ud800' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'a', plan: 'gold' }, 'plan'],
    [{ name: 'a', plan: null }, 'plan'],
    [{ name: 'a', credit_usd: 25 }, 'credit_usd'],
    [{ name: 'a', credit_usd: '-1' }, 'credit_usd'],
    [{ name: 'a', credit_usd: '1e3' }, 'credit_usd'],
    [{ name: 'a', credit_usd: '0.1234567' }, 'credit_usd'],
    [{ name: 'a', credit_usd: ' 1' }, 'credit_usd'],
    [{ name: 'a', credits: '1' }, 'credits'],
    [{ name: 'a', limits: { requests_per_minute: 0 } }, 'limits.requests_per_minute'],
    [{ name: 'a', limits: { concurrent: 1.5 } }, 'limits.concurrent'],
    [{ name: 'a', limits: { per_day: 1 } }, 'limits.per_day'],
    [{ name: 'a', limits: [] }, 'limits'],
  ])('refuses %j', async (body, param) => {
    expectProblem(await gateway.admin('POST', '/accounts', body), 422, param);
  });

  it.each(['[]', 'null', '"Acme"', '7'])('refuses the body %s', async (body) => {
    expectProblem(await raw(gateway, 'POST', '/accounts', { body }), 422);
  });

  it('refuses __proto__ as any unknown field', async () => {
    const answer = await raw(gateway, 'POST', '/accounts', {
      body: '{"name":"a","__proto__":{"plan":"free"}}',
    });
    expectProblem(answer, 422, '__proto__');
  });
});

describe('GET and PATCH /accounts/{id}', () => {
  it('changes what is named, and null goes back to the default', async () => {
    const { id } = await gateway.createAccount({ name: 'Acme', plan: 'free', limits: { concurrent: 2 } });
    const patch = async (body: object) => (await gateway.admin('PATCH', `/accounts/${id}`, body)).body;

    expect(await patch({ status: 'paused', plan: 'starter' })).toMatchObject({
      name: 'Acme',
      status: 'paused',
      plan: 'starter',
      limits: { concurrent: 2 },
    });
    expect(await patch({ limits: { unfinished_jobs: 5 } })).toMatchObject({
      limits: { concurrent: 2, unfinished_jobs: 5 },
    });
    expect(await patch({ limits: { concurrent: null } })).toMatchObject({ limits: { unfinished_jobs: 5 } });
    expect(await patch({ status: null, plan: null, limits: null })).toMatchObject({
      status: 'active',
      plan: 'pro',
      limits: {},
    });
    expect(await patch({})).toEqual((await gateway.admin('GET', `/accounts/${id}`)).body);
  });

  it('loses nothing when two patches come at once', async () => {
    const { id } = await gateway.createAccount();
    await Promise.all([
      gateway.admin('PATCH', `/accounts/${id}`, { limits: { concurrent: 1 } }),
      gateway.admin('PATCH', `/accounts/${id}`, { limits: { unfinished_jobs: 2 } }),
      gateway.admin('PATCH', `/accounts/${id}`, { limits: { requests_per_minute: 3 } }),
    ]);
    expect((await gateway.admin('GET', `/accounts/${id}`)).body).toMatchObject({
      limits: { concurrent: 1, unfinished_jobs: 2, requests_per_minute: 3 },
    });
  });

  it('shuts a paused account out of its API at once', async () => {
    const { id, key } = await gateway.customer();
    const balance = () =>
      fetch(`${gateway.url}/kiara/v1/balance`, { headers: { authorization: `Bearer ${key.key}` } });
    expect((await balance()).status).toBe(200);
    await gateway.admin('PATCH', `/accounts/${id}`, { status: 'paused' });
    expect((await balance()).status).toBe(403);
    await gateway.admin('PATCH', `/accounts/${id}`, { status: 'active' });
    expect((await balance()).status).toBe(200);
  });

  it.each(['acct_unknown', '%00', 'a%20b', 'x'.repeat(300)])('knows no account %s', async (id) => {
    expectProblem(await gateway.admin('GET', `/accounts/${id}`), 404);
    expectProblem(await gateway.admin('PATCH', `/accounts/${id}`, { status: 'paused' }), 404);
  });

  it('refuses what it does not know', async () => {
    const { id } = await gateway.createAccount();
    expectProblem(await gateway.admin('PATCH', `/accounts/${id}`, { status: 'closed' }), 422, 'status');
    expectProblem(await gateway.admin('PATCH', `/accounts/${id}`, { balance: '1' }), 422, 'balance');
    expectProblem(await gateway.admin('PATCH', `/accounts/${id}`, { name: null }), 422, 'name');
  });
});
