import { writeFile } from 'node:fs/promises';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { audit } from '../gateway/audit.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { keepAuditTrail } from './audit-trail.ts';
import type { AdminContext } from './context.ts';
import { expectProblem, raw } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: 'log: { level: silent }' });
});
afterAll(() => gateway.close());

interface Entry {
  readonly id: string;
  readonly actor: string;
  readonly client: string;
  readonly address: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly detail: unknown;
  readonly request_id: string;
  readonly at: string;
}

const read = async (query = '') =>
  (await gateway.admin<{ data: Entry[]; next_cursor: string | null }>('GET', `/audit${query}`)).body;

/** The entries made while `act` ran, oldest first. */
const noted = async (act: () => Promise<unknown>): Promise<readonly Entry[]> => {
  const last = (await read()).data[0]?.id ?? '';
  await act();
  return (await read()).data.filter(({ id }) => id > last).toReversed();
};
const short = ({ action, target, outcome }: Entry) => [action, target, outcome];

describe('the audit log', () => {
  it('tells what was done, to what, by whom and from where, and nothing that is secret', async () => {
    let account = '';
    let key = { id: '', key: '' };
    let secret = '';
    const entries = await noted(async () => {
      account = (await gateway.createAccount({ name: 'Acme' })).id;
      key = await gateway.createKey(account);
      await gateway.admin('PATCH', `/keys/${key.id}`, { status: 'paused' });
      await gateway.admin('POST', `/accounts/${account}/top-ups`, { usd: '1', reference: 'r' });
      await gateway.admin('POST', `/accounts/${account}/top-ups`, { usd: '1', reference: 'r' });
      await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { status: 'paused' });
      await gateway.admin('DELETE', '/models/kiara/kiara-vogue');
      const path = `/accounts/${account}/webhook-secret`;
      secret = (await gateway.admin<{ secret: string }>('GET', `${path}?dialect=kiara`)).body.secret;
      await gateway.admin('POST', `${path}/rotate?dialect=kiara`);
      await gateway.admin('POST', '/reconcile');
      await gateway.admin('POST', '/faults', { point: 'limiter', effect: 'error' });
      await gateway.admin('DELETE', '/faults');
    });
    expect(entries.map(short)).toEqual([
      ['account.create', account, 'done'],
      ['key.create', key.id, 'done'],
      ['key.change', key.id, 'done'],
      ['account.top_up', account, 'done'],
      ['account.top_up', account, 'repeated'],
      ['model.change', 'kiara/kiara-vogue', 'done'],
      ['model.reset', 'kiara/kiara-vogue', 'done'],
      ['webhook_secret.show', account, 'done'],
      ['webhook_secret.rotate', account, 'done'],
      ['ledger.reconcile', '', 'done'],
      ['fault.set', 'limiter', 'done'],
      ['fault.clear', '', 'done'],
    ]);
    expect(entries[2]).toMatchObject({ detail: { status: 'paused' }, client: 'api', address: '127.0.0.1' });
    expect(new Set(entries.map(({ actor }) => actor)).size).toBe(1);
    expect(entries[0]?.actor).toMatch(/^admin-token:[0-9a-f]{12}$/);
    const text = JSON.stringify(entries);
    for (const hidden of [key.key, secret, gateway.adminToken]) expect(text).not.toContain(hidden);
  });

  it('tells what was refused, without what was not checked, and nothing of who has no token', async () => {
    const { id } = await gateway.createAccount();
    const entries = await noted(async () => {
      await gateway.admin('PATCH', '/keys/key_x', { status: 'paused' });
      await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: 'password' });
      await gateway.admin('PATCH', '/models/kiara/%00%0anone', { status: 'paused' });
      await gateway.admin('POST', '/nothing', {});
      const headers = { authorization: 'Bearer guess' };
      await raw(gateway, 'POST', '/accounts', { body: '{"name":"x"}', headers });
      await gateway.admin('GET', `/accounts/${id}`);
    });
    expect(entries.map(short)).toEqual([
      ['key.change', 'key_x', 'not_found'],
      ['account.top_up', id, 'invalid_parameter'],
      ['model.change', 'kiara/??none', 'model_not_found'],
    ]);
    expect(entries.map(({ detail }) => detail)).toEqual([null, null, null]);
  });

  it('keeps no more of a receiver than its origin', async () => {
    const { id } = await gateway.createAccount();
    const url = 'https://hooks.example.com/services/T0/secret-path?token=secret';
    const [entry] = await noted(() =>
      gateway.admin('POST', `/accounts/${id}/webhook-endpoints`, { dialect: 'native', url }),
    );
    expect(entry).toMatchObject({
      action: 'webhook_endpoint.create',
      detail: { account: id, url: 'https://hooks.example.com' },
    });
    expect(JSON.stringify(entry)).not.toContain('secret');
  });

  it('is tied to the log of calls, and tells the command line from other programs', async () => {
    const entries = await noted(async () => {
      const response = await fetch(`${gateway.url}/admin/v1/reconcile`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.adminToken}`, 'user-agent': 'genlock-cli/1' },
      });
      await response.text();
    });
    expect(entries).toMatchObject([{ client: 'cli', request_id: expect.stringMatching(/^req_/) }]);
  });

  it('is read by page and by what is looked for', async () => {
    const { id } = await gateway.createAccount();
    for (let n = 0; n < 101; n++) await gateway.admin('PATCH', `/accounts/${id}`, { name: `n${n}` });
    const first = await read(`?target=${id}`);
    expect(first.data).toHaveLength(100);
    const second = await read(`?target=${id}&cursor=${first.next_cursor}`);
    expect(second.data.map(({ action }) => action)).toEqual(['account.change', 'account.create']);
    expect(second.next_cursor).toBeNull();
    expect(await read(`?target=${id}&cursor=`)).toEqual(first);
    expect((await read(`?target=${id}&action=account.create`)).data).toHaveLength(1);
    expectProblem(await gateway.admin('GET', '/audit?cursor=x'), 422, 'cursor');
    expectProblem(await gateway.admin('GET', '/audit?who=x'), 422);
  });

  it('tells when the configuration was changed, and which parts', async () => {
    await writeFile(gateway.configFile, 'log: { level: silent }\nretries: { max_attempts: 2 }');
    await gateway.reload();
    await expect
      .poll(async () => (await read('?action=config.change')).data)
      .toMatchObject([{ actor: 'file:genlock.yaml', client: null, detail: { changed: ['retries'] } }]);
  });
});

it('does not fail what was done because it cannot be noted, and says so in the log', async () => {
  const told: object[] = [];
  const { core } = gateway;
  const store = Object.assign(Object.create(core.store), {
    recordAudit: () => Promise.reject(new GenlockError('storage_unavailable')),
  });
  const log = { ...core.log, error: (fields: object) => told.push(fields) };
  const entry = {
    actor: 'a',
    client: null,
    address: null,
    requestId: 'req_1',
    outcome: 'done',
    detail: null,
  };
  await audit({ ...core, store, log }, { ...entry, action: 'account.top_up', target: 'acct_1' });
  expect(told).toMatchObject([{ action: 'account.top_up', target: 'acct_1', request: 'req_1' }]);
});

it('knows every route that changes something: one without a name cannot be added', async () => {
  const app = Fastify();
  keepAuditTrail(app, { core: gateway.core, token: 't' } as AdminContext);
  app.get('/harmless', () => '');
  app.post('/named', { config: { audit: 'thing.do' } }, () => '');
  expect(() => app.post('/nameless', () => '')).toThrow('POST /nameless has no name for the audit log');
  await app.close();
});
