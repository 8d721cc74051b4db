import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSealer } from '../../secrets/seal.ts';
import type { WebhookEndpoint } from '../../store/port.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import type { Core } from '../core.ts';
import {
  accountSecret,
  createEndpoint,
  deliverySecrets,
  jobSecretContext,
  rotateAccountSecret,
} from './webhook-secrets.ts';

const box = createSealer('a secret of the test that is long enough');

let gateway: TestGateway;
let core: Core;
let now = Date.UTC(2025, 0, 1);
beforeAll(async () => {
  gateway = await startTestGateway();
  const [plain] = gateway.core.dialects.values();
  if (plain === undefined) throw new Error('no dialect');
  const dialects = new Map([
    ['plain', { ...plain, name: 'plain', endpointEvents: [] }],
    ['dashboard', { ...plain, name: 'dashboard', endpointEvents: ['done'] }],
  ]);
  const endpoints = new Map<string, WebhookEndpoint>();
  const kept: Partial<Core['store']> = {
    createEndpoint: async (endpoint) => void endpoints.set(endpoint.id, endpoint),
    endpoint: async (id) => endpoints.get(id),
  };
  const store = new Proxy(gateway.core.store, {
    get: (target, name) => Reflect.get(Object.hasOwn(kept, name) ? kept : target, name),
  });
  core = { ...gateway.core, store, dialects, now: () => now };
});
afterAll(() => gateway.close());

const endpointOf = async (dialect: string, url = 'https://example.com/hook') => {
  const { id: accountId } = await gateway.createAccount();
  return createEndpoint(core, box, { accountId, dialect, url, events: ['done'] });
};

const DELIVERY = { id: 'dlv_1', mode: 'live', dialect: 'dashboard', sealedSecret: null } as const;

it('gives each endpoint a secret of its own, which only the store with the seal can tell', async () => {
  const { endpoint, secret } = await endpointOf('dashboard');
  expect(secret).toMatch(/^whsec_/);
  expect(JSON.stringify(await core.store.endpoint(endpoint.id))).not.toContain(secret);
  const { accountId } = endpoint;
  const delivery = { ...DELIVERY, accountId, endpointId: endpoint.id };
  expect(await deliverySecrets(core, box, delivery)).toEqual([secret]);
  await expect(deliverySecrets(core, box, { ...delivery, endpointId: 'whe_gone' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('signs with the old secret of an endpoint too, until it has expired', async () => {
  const { endpoint, secret } = await endpointOf('dashboard');
  const sealed = box.seal('whsec_new', `webhook-endpoint:${endpoint.id}`);
  const secrets = [
    { sealed, expiresAt: null },
    ...endpoint.secrets.map((old) => ({ ...old, expiresAt: now + 1000 })),
  ];
  await core.store.createEndpoint({ ...endpoint, secrets });
  const delivery = { ...DELIVERY, accountId: endpoint.accountId, endpointId: endpoint.id };
  expect(await deliverySecrets(core, box, delivery)).toEqual(['whsec_new', secret]);
  now += 1000;
  expect(await deliverySecrets(core, box, delivery)).toEqual(['whsec_new']);
});

it('signs with the secret of the job, else of the account: the new one once it was rotated', async () => {
  const { id: accountId } = await gateway.createAccount();
  const scope = { accountId, dialect: 'dashboard', mode: 'test' } as const;
  const delivery = { ...DELIVERY, ...scope, endpointId: null };
  const old = await accountSecret(core, box, scope);
  expect(await deliverySecrets(core, box, delivery)).toEqual([old]);
  const rotated = await rotateAccountSecret(core, box, scope);
  expect(rotated).not.toBe(old);
  expect(await deliverySecrets(core, box, delivery)).toEqual([rotated]);
  const sealedSecret = box.seal('sk-key', jobSecretContext(accountId));
  expect(await deliverySecrets(core, box, { ...delivery, sealedSecret })).toEqual(['sk-key']);
});

it('does not open a secret that was moved to another account', async () => {
  const [a, b] = [await gateway.createAccount(), await gateway.createAccount()];
  const scope = { accountId: a.id, dialect: 'dashboard', mode: 'live' } as const;
  await accountSecret(core, box, scope);
  const sealed = await core.store.webhookSecret(a.id, 'dashboard', 'live', '');
  await core.store.replaceWebhookSecret(b.id, 'dashboard', 'live', sealed);
  await expect(accountSecret(core, box, { ...scope, accountId: b.id })).rejects.toThrow('cannot be opened');
});

it('refuses URLs that may not be called, and dialects without endpoints', async () => {
  for (const url of [
    'https://10.0.0.1/',
    'ftp://example.com/',
    'https://user:pw@example.com/',
    'example.com',
  ])
    await expect(endpointOf('dashboard', url), url).rejects.toMatchObject({
      code: 'invalid_parameter',
      detail: { param: 'url' },
    });
  for (const dialect of ['plain', 'nobody'])
    await expect(endpointOf(dialect)).rejects.toMatchObject({
      code: 'invalid_parameter',
      detail: { param: 'dialect' },
    });
});
