import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { expectProblem, raw } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

/** Every route, with an id that does not exist. */
const ROUTES = [
  ['POST', '/accounts'],
  ['GET', '/accounts/x'],
  ['PATCH', '/accounts/x'],
  ['POST', '/accounts/x/top-ups'],
  ['GET', '/accounts/x/ledger'],
  ['POST', '/accounts/x/keys'],
  ['GET', '/keys/x'],
  ['PATCH', '/keys/x'],
  ['GET', '/models'],
  ['PATCH', '/models/kiara/x'],
  ['DELETE', '/models/kiara/x'],
  ['GET', '/routes'],
  ['GET', '/attempts'],
  ['GET', '/audit'],
  ['POST', '/routes/sandbox/x/reset'],
  ['GET', '/generations/x'],
  ['POST', '/generations/x/cancel'],
  ['POST', '/accounts/x/webhook-endpoints'],
  ['GET', '/accounts/x/webhook-secret'],
  ['POST', '/accounts/x/webhook-secret/rotate'],
  ['GET', '/webhook-deliveries'],
  ['POST', '/webhook-deliveries/x/redeliver'],
  ['POST', '/top-ups/x/confirm'],
  ['POST', '/reconcile'],
  ['POST', '/faults'],
  ['DELETE', '/faults'],
  ['GET', '/nothing'],
] as const;

describe.each(ROUTES)('%s %s', (method, path) => {
  it.each([
    ['no token', () => undefined],
    ['an empty one', () => 'Bearer '],
    ['another scheme', () => `Basic ${gateway.adminToken}`],
    ['a wrong token', () => `Bearer ${gateway.adminToken.slice(0, -1)}!`],
    ['a shorter token', () => `Bearer ${gateway.adminToken.slice(0, -1)}`],
    ['a longer token', () => `Bearer ${gateway.adminToken}a`],
  ])('refuses %s before it looks at anything else', async (_, header) => {
    const authorization = header();
    const response = await fetch(`${gateway.url}/admin/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      ...(method !== 'GET' && { body: '{' }),
    });
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expectProblem({ status: response.status, body: await response.json() }, 401);
  });
});

describe('bodies', () => {
  it.each(['{', '{"name":', 'name=Acme', '{"name":"a"}x', "{'name':'a'}"])(
    'that are broken: %s',
    async (body) => {
      expectProblem(await raw(gateway, 'POST', '/accounts', { body }), 400);
    },
  );

  it('that are not UTF-8', async () => {
    const body = new Uint8Array(Buffer.from('{"name":"\xff"}', 'latin1'));
    expectProblem(await raw(gateway, 'POST', '/accounts', { body }), 400);
  });

  it('that are too large', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(300 * 1024) });
    expectProblem(await raw(gateway, 'POST', '/accounts', { body }), 400);
  });

  it('are read as JSON whatever their type says', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain'])
      expect(
        (await raw(gateway, 'POST', '/accounts', { body: '{"name":"a"}', headers: { 'content-type': type } }))
          .status,
      ).toBe(201);
  });

  it('are missing', async () => {
    expectProblem(await raw(gateway, 'POST', '/accounts'), 422);
  });
});

it('needs no exact case of the scheme', async () => {
  const headers = { authorization: `bearer ${gateway.adminToken}` };
  expect((await raw(gateway, 'GET', '/models', { headers })).status).toBe(200);
});

it('takes the token of the environment, whatever it holds', async () => {
  const GENLOCK_ADMIN_TOKEN = 'a $ecret, with spaces!';
  const other = await startTestGateway({ env: { GENLOCK_ADMIN_TOKEN } });
  try {
    expect((await other.admin('GET', '/models')).status).toBe(200);
  } finally {
    await other.close();
  }
});

it('lets nobody keep its answers', async () => {
  expect((await raw(gateway, 'GET', '/models')).headers.get('cache-control')).toBe('no-store');
});

it('answers with a problem where nothing is', async () => {
  expectProblem(await gateway.admin('GET', '/nothing'), 404);
  expectProblem(await gateway.admin('DELETE', '/accounts/x'), 404);
});

it('answers 503 to every call that needs a store that is gone', async () => {
  const { store } = gateway.core;
  const gone = () => Promise.reject(new GenlockError('storage_unavailable'));
  const { id } = await gateway.createAccount();
  const originals = {
    account: store.account,
    createAccount: store.createAccount,
    reconcile: store.reconcile,
  };
  Object.assign(store, { account: gone, createAccount: gone, reconcile: gone });
  try {
    expectProblem(await gateway.admin('POST', '/accounts', { name: 'a' }), 503);
    expectProblem(await gateway.admin('GET', `/accounts/${id}`), 503);
    expectProblem(await gateway.admin('POST', '/reconcile'), 503);
  } finally {
    Object.assign(store, originals);
  }
});
