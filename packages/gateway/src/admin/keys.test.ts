import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { expectProblem } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const statusWith = async (key: string, headers: Readonly<Record<string, string>> = {}) =>
  (
    await fetch(`${gateway.url}/kiara/v1/balance`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
    })
  ).status;

describe('POST /accounts/{id}/keys', () => {
  it('makes a key that works, and is kept as its digest only', async () => {
    const account = await gateway.createAccount();
    const answer = await gateway.admin<{ id: string; key: string }>('POST', `/accounts/${account.id}/keys`, {
      dialect: 'kiara',
    });
    expect(answer).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^key_[0-9A-Z]{26}$/),
        key: expect.any(String),
        account_id: account.id,
        dialect: 'kiara',
        mode: 'live',
        name: '',
        prefix: answer.body.key.slice(0, 12),
        status: 'active',
        allowed_origins: [],
        allowed_ips: [],
        limits: {},
        created_at: expect.any(String),
      },
    });
    expect(await statusWith(answer.body.key)).toBe(200);
    const { body } = await gateway.admin('GET', `/keys/${answer.body.id}`);
    expect(body).not.toHaveProperty('key');
    expect(body).toMatchObject({ id: answer.body.id, status: 'active' });
  });

  it('takes lists, limits and a name', async () => {
    const { id } = await gateway.createAccount();
    const { body } = await gateway.admin('POST', `/accounts/${id}/keys`, {
      dialect: 'kiara',
      mode: 'test',
      name: 'shop',
      allowed_origins: ['https://App.example.com/'],
      allowed_ips: ['203.0.113.0/24', '2001:db8::1'],
      limits: { requests_per_minute: 5, concurrent: null },
    });
    expect(body).toMatchObject({
      mode: 'test',
      name: 'shop',
      allowed_origins: ['https://app.example.com'],
      allowed_ips: ['203.0.113.0/24', '2001:db8::1'],
      limits: { requests_per_minute: 5 },
    });
  });

  it.each([
    [{}, 'dialect'],
    [{ dialect: 'nobody' }, 'dialect'],
    [{ dialect: 'constructor' }, 'dialect'],
    [{ dialect: 'kiara', mode: 'demo' }, 'mode'],
    [{ dialect: 'kiara', allowed_origins: ['*'] }, 'allowed_origins[0]'],
    [{ dialect: 'kiara', allowed_origins: ['https://a.example', 'b.example'] }, 'allowed_origins[1]'],
    [{ dialect: 'kiara', allowed_origins: 'https://a.example' }, 'allowed_origins'],
    [{ dialect: 'kiara', allowed_ips: ['10.0.0.0/33'] }, 'allowed_ips[0]'],
    [{ dialect: 'kiara', allowed_ips: ['localhost'] }, 'allowed_ips[0]'],
    [{ dialect: 'kiara', limits: { concurrent: -1 } }, 'limits.concurrent'],
    [{ dialect: 'kiara', secret: 'mine' }, 'secret'],
  ])('refuses %j', async (body, param) => {
    const { id } = await gateway.createAccount();
    expectProblem(await gateway.admin('POST', `/accounts/${id}/keys`, body), 422, param);
  });

  it('knows no account', async () => {
    expectProblem(await gateway.admin('POST', '/accounts/acct_x/keys', { dialect: 'kiara' }), 404);
  });
});

describe('PATCH /keys/{id}', () => {
  it('holds from the next request on', async () => {
    const { key } = await gateway.customer();
    const patch = async (body: object) => (await gateway.admin('PATCH', `/keys/${key.id}`, body)).status;
    expect(await statusWith(key.key)).toBe(200);
    await patch({ status: 'paused' });
    expect(await statusWith(key.key)).toBe(403);
    await patch({ status: 'active', allowed_ips: ['203.0.113.7'] });
    expect(await statusWith(key.key)).toBe(403);
    await patch({ allowed_ips: null, allowed_origins: ['https://app.example.com'] });
    expect(await statusWith(key.key)).toBe(403);
    expect(await statusWith(key.key, { origin: 'https://app.example.com' })).toBe(200);
    await patch({ allowed_origins: null, limits: { reads_per_minute: 1 } });
    expect(await statusWith(key.key)).toBe(200);
    expect(await statusWith(key.key)).toBe(429);
    await patch({ limits: null, status: 'revoked' });
    expect(await statusWith(key.key)).toBe(401);
  });

  it('revives no key that was revoked', async () => {
    const { key } = await gateway.customer();
    const patch = (body: object) => gateway.admin('PATCH', `/keys/${key.id}`, body);
    await patch({ status: 'revoked' });
    for (const status of ['active', 'paused', null]) {
      const answer = await patch({ status, name: 'again' });
      expect(answer).toMatchObject({
        status: 409,
        body: { code: 'invalid_state', detail: 'A revoked key stays revoked. Make a new one.' },
      });
      expect(await statusWith(key.key)).toBe(401);
    }
    expect((await gateway.admin('GET', `/keys/${key.id}`)).body).toMatchObject({
      status: 'revoked',
      name: '',
    });
    expect(await patch({ status: 'revoked', name: 'gone' })).toMatchObject({
      ...{ status: 200, body: { status: 'revoked', name: 'gone' } },
    });
  });

  it('merges, and null goes back to the default', async () => {
    const { key } = await gateway.customer({ key: { name: 'a', limits: { concurrent: 1 } } });
    const patch = async (body: object) => (await gateway.admin('PATCH', `/keys/${key.id}`, body)).body;
    expect(await patch({ status: 'paused', limits: { unfinished_jobs: 3 } })).toMatchObject({
      name: 'a',
      status: 'paused',
      limits: { concurrent: 1, unfinished_jobs: 3 },
    });
    expect(await patch({ name: null, status: null, limits: { concurrent: null } })).toMatchObject({
      name: '',
      status: 'active',
      limits: { unfinished_jobs: 3 },
    });
  });

  it('refuses what it does not know', async () => {
    const { key } = await gateway.customer();
    const path = `/keys/${key.id}`;
    expectProblem(await gateway.admin('PATCH', path, { status: 'gone' }), 422, 'status');
    expectProblem(await gateway.admin('PATCH', path, { allowed_ips: ['nowhere'] }), 422, 'allowed_ips[0]');
    expectProblem(await gateway.admin('PATCH', path, { mode: 'test' }), 422, 'mode');
    expectProblem(await gateway.admin('PATCH', '/keys/key_x', { status: 'paused' }), 404);
    expectProblem(await gateway.admin('GET', '/keys/key_x'), 404);
  });
});
