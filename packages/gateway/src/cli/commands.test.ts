import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { type Outcome, run } from './testing.ts';

let gateway: TestGateway;
let empty: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  empty = await mkdtemp(join(tmpdir(), 'genlock-cli-'));
});
afterAll(async () => {
  await gateway.close();
  await rm(empty, { recursive: true });
});

/** A command for the test's gateway, which is found by its data folder. */
const genlock = (...args: string[]): Promise<Outcome> => run([...args, '--data', gateway.dataDir]);
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await genlock(...args, '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

describe('accounts', () => {
  it('are opened, shown, paused, resumed and moved to another plan', async () => {
    const made = await json('accounts', 'create', 'Acme & Söhne', '--plan', 'free', '--credit', '25.00');
    expect(made).toMatchObject({
      name: 'Acme & Söhne',
      plan: 'free',
      balance: { available_usd: '25', held_usd: '0' },
    });
    expect(await json('accounts', 'show', made.id)).toEqual(made);
    expect(await json('accounts', 'pause', made.id)).toMatchObject({ status: 'paused' });
    expect(await json('accounts', 'resume', made.id)).toMatchObject({ status: 'active' });
    expect(await json('accounts', 'plan', made.id, 'enterprise')).toMatchObject({ plan: 'enterprise' });
    const { stdout } = await genlock('accounts', 'show', made.id);
    expect(stdout).toMatch(/^account +acct_.*\nname +Acme & Söhne\nplan +enterprise\n/);
    expect(stdout).toContain('$25');
  });

  it('say what is wrong', async () => {
    expect(await genlock('accounts', 'create', 'Acme', '--credit', '25,00')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^genlock: credit_usd: .*decimal string.*\n$/),
    });
    expect(await genlock('accounts', 'show', 'acct_x')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'genlock: No such account.\n',
    });
  });
});

describe('keys', () => {
  it('are made, paused, resumed and revoked', async () => {
    const account = await gateway.createAccount();
    const made = await json('keys', 'create', account.id, '--dialect', 'kiara', '--ip', '127.0.0.0/8', '::1');
    expect(made).toMatchObject({ dialect: 'kiara', mode: 'live', allowed_ips: ['127.0.0.0/8', '::1'] });
    const call = async () =>
      (await fetch(`${gateway.url}/kiara/v1/balance`, { headers: { authorization: `Bearer ${made.key}` } }))
        .status;
    expect(await call()).toBe(200);
    expect(await json('keys', 'pause', made.id)).toMatchObject({ status: 'paused' });
    expect(await call()).toBe(403);
    expect(await json('keys', 'resume', made.id)).toMatchObject({ status: 'active' });
    expect(await call()).toBe(200);
    expect(await json('keys', 'revoke', made.id)).toMatchObject({ status: 'revoked' });
    expect(await call()).toBe(401);
    expect(await genlock('keys', 'resume', made.id)).toMatchObject({
      code: 1,
      stderr: 'genlock: A revoked key stays revoked. Make a new one.\n',
    });
    const shown = await genlock('keys', 'show', made.id);
    expect(shown.stdout).not.toContain(made.key);
    expect(shown.stdout).toContain(made.prefix);
  });
});

describe('credits', () => {
  it('are topped up once per reference, and every transfer is shown', async () => {
    const { id } = await gateway.createAccount();
    const first = await json('credits', 'top-up', id, '10.00', '--reference', 'invoice-1');
    expect(first).toMatchObject({ usd: '10', bucket: 'permanent' });
    expect(await json('credits', 'top-up', id, '10.00', '--reference', 'invoice-1')).toEqual(first);
    const again = await genlock('credits', 'top-up', id, '10.00', '--reference', 'invoice-1');
    expect(again.stdout).toContain(`at         ${first.at}\n`);
    for (let i = 0; i < 104; i++) await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '1' });
    expect((await json('credits', 'ledger', id)).data).toHaveLength(105);
    const { stdout } = await genlock('credits', 'ledger', id, '--limit', '2');
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^at +type +usd +generation$/),
      expect.stringMatching(/Z +top_up +10$/),
      expect.stringMatching(/Z +top_up +1$/),
    ]);
  });
});

describe('routes', () => {
  it('are shown, and used again', async () => {
    const { data } = await json('routes', 'list', '--provider', 'sandbox');
    expect(data).toContainEqual(expect.objectContaining({ provider: 'sandbox', model: 'kiara-vogue' }));
    expect((await genlock('routes', 'list')).stdout).toMatch(/^sandbox\/kiara-vogue +closed +0 % +0 +0$/m);
    expect((await genlock('routes', 'reset', 'sandbox/kiara-vogue')).stdout).toMatch(/^state +closed$/m);
    expect(await genlock('routes', 'reset', 'sandbox/nothing/such')).toMatchObject({ code: 1 });
  });
});

describe('models', () => {
  it('are listed, changed and set back', async () => {
    const { data } = await json('models', 'list', '--dialect', 'kiara');
    const before = data.find(({ id }: { id: string }) => id === 'kiara-vogue');
    const changes = ['--status', 'paused', '--no-billable', '--no-route', '--exclusive', 'a,b'];
    expect(await json('models', 'set', 'kiara/kiara-vogue', ...changes)).toEqual({
      ...before,
      status: 'paused',
      billable: false,
      routes: [],
      exclusive: [['a', 'b']],
    });
    expect((await genlock('models', 'list')).stdout).toMatch(/ \$0\.1 per call +sandbox\/kiara-image-pro$/m);
    expect((await genlock('models', 'list')).stdout).toMatch(
      /^kiara\/kiara-vogue +image +paused, not billable .*none: nothing can run it$/m,
    );
    expect(
      await json('models', 'set', 'kiara/kiara-vogue', '--route', 'sandbox/a', '--route', 'sandbox/b/c'),
    ).toMatchObject({
      status: 'paused',
      routes: [
        { provider: 'sandbox', model: 'a' },
        { provider: 'sandbox', model: 'b/c' },
      ],
    });
    expect(await json('models', 'reset', 'kiara/kiara-vogue')).toEqual(before);
  });

  it('have routes with weights and costs, which are changed one by one', async () => {
    const model = 'kiara/kiara-vogue';
    const routes = ['--route', 'sandbox/a', '--route', 'sandbox/b', '--weight', 'sandbox/a=3'];
    const a = { provider: 'sandbox', model: 'a', weight: 3 };
    const b = { provider: 'sandbox', model: 'b' };
    expect((await json('models', 'set', model, ...routes)).routes).toEqual([a, b]);
    const cost = { unit: 'image', usd: '0.04' };
    expect((await json('models', 'set', model, '--cost', 'sandbox/b=0.04/image')).routes).toEqual([
      a,
      { ...b, cost },
    ]);
    const { stdout } = await genlock('models', 'set', model, '--weight', 'sandbox/a=none');
    expect(stdout).toMatch(/^routes +sandbox\/a, sandbox\/b \(costs \$0\.04 per image\)$/m);
    expect(await genlock('models', 'set', model, '--weight', 'sandbox/c=1')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'genlock: the model has no route sandbox/c; it has sandbox/a, sandbox/b. Name its routes with --route.\n',
    });
    expect(await genlock('models', 'set', 'kiara/nope', '--weight', 'sandbox/c=1')).toMatchObject({
      code: 1,
      stderr: 'genlock: there is no model kiara/nope\n',
    });
    await json('models', 'reset', model);
  });

  it('lose no weight of several that are set at once', async () => {
    const model = 'kiara/kiara-vogue';
    const names = [...'abcdef'].map((name) => `sandbox/${name}`);
    await json('models', 'set', model, ...names.flatMap((name) => ['--route', name]));
    await Promise.all(names.map((name, n) => json('models', 'set', model, '--weight', `${name}=${n + 1}`)));
    const { data } = await json('models', 'list', '--dialect', 'kiara');
    const { routes } = data.find(({ id }: { id: string }) => id === 'kiara-vogue');
    expect(routes.map(({ weight }: { weight: number }) => weight)).toEqual([1, 2, 3, 4, 5, 6]);
    await json('models', 'reset', model);
  });

  it('need something to change', async () => {
    expect(await genlock('models', 'set', 'kiara/kiara-vogue')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^genlock: nothing to change/),
    });
  });
});

describe('a gateway', () => {
  it('that is not there', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const args = ['accounts', 'show', 'x', '--url', `http://127.0.0.1:${port}`, '--data', gateway.dataDir];
    expect(await run(args)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^genlock: no gateway answers on .* \(ECONNREFUSED\)\. Start one with "genlock serve"/,
      ),
    });
  });

  it('whose token nobody knows, or another token', async () => {
    const args = ['accounts', 'show', 'x', '--data', empty, '--url', gateway.url];
    expect(await run(args)).toMatchObject({ code: 1, stderr: expect.stringMatching(/no admin token/) });
    expect(await run(args, { env: { GENLOCK_ADMIN_TOKEN: 'wrong' } })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/does not take this admin token/),
    });
    expect(await run(args, { env: { GENLOCK_ADMIN_TOKEN: gateway.adminToken } })).toMatchObject({
      stderr: 'genlock: No such account.\n',
    });
  });
});

describe('errors', () => {
  it('are printed by dialect, as a table and as data', async () => {
    const { stdout } = await run(['errors', 'kiara']);
    expect(stdout).toMatch(/^402 +insufficient_balance +after_fix +Not enough credits\.$/m);
    expect(stdout).not.toContain('canonical errors');
    const all = JSON.parse((await run(['errors', '--json'])).stdout);
    expect(all.canonical.rate_limited).toMatchObject({ blame: 'caller', retry: 'after_delay' });
    expect(all.dialects.kiara.rows.length).toBeGreaterThan(19);
    expect(await run(['errors', 'nobody'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^genlock: there is no dialect "nobody"; there are canonical, kiara/),
    });
  });
});

describe('audit', () => {
  it('shows what was done by this command line, newest first', async () => {
    const { id } = await json('accounts', 'create', 'Audited');
    await json('credits', 'top-up', id, '1', '--reference', 'r1');
    await genlock('accounts', 'show', id);
    expect(await json('audit', '--target', id)).toMatchObject({
      data: [
        { action: 'account.top_up', client: 'cli', outcome: 'done', detail: { usd: '1', reference: 'r1' } },
        { action: 'account.create', client: 'cli' },
      ],
    });
    expect((await json('audit', '--target', id, '--limit', '1')).data).toHaveLength(1);
    expect((await json('audit', '--target', id, '--action', 'account.create')).data).toHaveLength(1);
    const { stdout } = await genlock('audit', '--target', id);
    expect(stdout).toMatch(
      /^at +who +from +action +target +outcome +detail\n.* cli 127\.0\.0\.1 +account\.top_up /,
    );
    expect((await genlock('audit', '--target', 'nothing')).stdout).toBe('Nothing yet.\n');
  });
});
