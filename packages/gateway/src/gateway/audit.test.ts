import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { audit } from './audit.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const entries = () => {
  const db = new DatabaseSync(join(gateway.dataDir, 'genlock.db'), { readOnly: true });
  try {
    return db.prepare('SELECT action, target, detail FROM audit ORDER BY seq').all();
  } finally {
    db.close();
  }
};

it('keeps what the operator did, without what is secret, and nothing of what was refused', async () => {
  const { id } = await gateway.createAccount({ name: 'Acme' });
  const key = await gateway.createKey(id);
  await gateway.admin('PATCH', `/keys/${key.id}`, { status: 'paused' });
  await gateway.admin('PATCH', '/keys/key_x', { status: 'paused' });
  await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '1', reference: 'r' });
  await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '1', reference: 'r' });
  await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { status: 'paused' });
  const rotated = await gateway.admin<{ secret: string }>(
    'POST',
    `/accounts/${id}/webhook-secret/rotate?dialect=kiara`,
  );
  const found = entries();
  expect(found.map(({ action, target }) => [action, target])).toEqual([
    ['account.create', id],
    ['key.create', key.id],
    ['key.change', key.id],
    ['account.top_up', id],
    ['model.change', 'kiara/kiara-vogue'],
    ['webhook_secret.rotate', id],
  ]);
  expect(JSON.stringify(found)).not.toContain(key.key);
  expect(JSON.stringify(found)).not.toContain(rotated.body.secret);
});

it('does not fail what was done because it cannot be noted, and says so in the log', async () => {
  const told: object[] = [];
  const { core } = gateway;
  const broken = {
    ...core,
    store: new Proxy(core.store, {
      get: (store, name) =>
        name === 'recordAudit'
          ? () => Promise.reject(new GenlockError('storage_unavailable'))
          : Reflect.get(store, name),
    }),
    log: { ...core.log, error: (fields: object) => told.push(fields) },
  };
  await audit(broken, 'account.top_up', 'acct_1', null);
  expect(told).toMatchObject([{ action: 'account.top_up', target: 'acct_1' }]);
});
