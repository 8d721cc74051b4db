import { chmod, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { run } from './testing.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({ config: 'log: {level: debug}\n' });
  await gateway.customer({ credit_usd: '12.5' });
});
afterEach(() => gateway.close());

/** Orders a picture and waits for it. */
async function makePicture() {
  const { key } = await gateway.customer();
  const response = await fetch(`${gateway.url}/v1/generations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key.key}`,
      'content-type': 'application/json',
      prefer: 'wait=60',
    },
    body: JSON.stringify({ model: 'genlock/image', input: { prompt: 'a red mug', size: '512x512' } }),
  });
  const { id } = (await response.json()) as { id: string };
  return (await gateway.core.store.assetsOf(id))[0];
}

const doctor = async (...args: string[]) => {
  const files = ['--data', gateway.dataDir, '--config', gateway.configFile];
  const { code, stdout, stderr } = await run(['doctor', ...files, '--json', ...args]);
  expect(stderr).toBe('');
  return { code, ...JSON.parse(stdout) };
};

describe('genlock doctor', () => {
  it('finds all well beside a running gateway', async () => {
    const { code, findings, ...figures } = await doctor();
    expect(findings.filter(({ level }: { level: string }) => level === 'problem')).toEqual([]);
    expect({ code, ...figures }).toEqual({ code: 0, ok: true, accounts: 1, open_holds: 0, drift_usd: '0' });
    expect((await gateway.admin('GET', '/models')).status).toBe(200);
    const { stdout } = await run(['doctor', '--data', gateway.dataDir]);
    expect(stdout).toMatch(/^ok +ledger +1 accounts, 0 open holds, drift \$0$/m);
    expect(stdout).toMatch(/\nAll is well\.\n$/);
  });

  it('finds a balance that was tampered with', async () => {
    const db = new DatabaseSync(join(gateway.dataDir, 'genlock.db'));
    db.exec('UPDATE accounts SET permanent_funds = permanent_funds + 1000000');
    db.close();
    const found = await doctor();
    expect(found).toMatchObject({ code: 1, ok: false, drift_usd: '1' });
    expect(found.findings).toContainEqual({
      check: 'ledger',
      level: 'problem',
      message: expect.stringContaining('the ledger adds up to'),
      repairable: false,
    });
  });

  it('repairs balances and counters from the ledger, beside a running gateway', async () => {
    const db = new DatabaseSync(join(gateway.dataDir, 'genlock.db'));
    db.exec('UPDATE accounts SET permanent_funds = permanent_funds + 1000000');
    db.exec("INSERT INTO slots (name, used) VALUES ('nobody', 3)");
    db.close();
    const { code, drift_usd, repaired } = await doctor('--repair');
    expect({ code, drift_usd }).toEqual({ code: 0, drift_usd: '0' });
    expect(repaired).toEqual([expect.stringMatching(/^1 balances and 1 counters/)]);
    expect((await gateway.core.store.auditEntries({ action: 'doctor.repair' }, 9)).data).toMatchObject([
      {
        actor: expect.stringMatching(/^user:./),
        client: 'cli',
        target: 'ledger',
        outcome: 'done',
        detail: repaired[0],
      },
    ]);
    const after = await doctor('--repair');
    expect(after).toMatchObject({ code: 0, repaired: [] });
  });

  it('changes nothing unless told to', async () => {
    const db = new DatabaseSync(join(gateway.dataDir, 'genlock.db'));
    db.exec('UPDATE accounts SET permanent_funds = permanent_funds + 1000000');
    await doctor();
    expect(db.prepare('SELECT permanent_funds AS funds FROM accounts').get()).toEqual({ funds: 13_500_000 });
    db.close();
  });

  it('finds files that are missing or cut, and removes those that belong to nothing', async () => {
    const [whole, cut, gone] = await Promise.all([1, 2, 3].map(() => makePicture()));
    const { blobs } = gateway.core;
    await blobs.put(cut?.blob ?? '', new Uint8Array([1]));
    await blobs.remove(gone?.blob ?? '');
    await blobs.put('output_left_behind', new Uint8Array([1]));
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    const file = (await readdir(join(gateway.dataDir, 'assets'), { recursive: true })).find((path) =>
      path.endsWith('output_left_behind'),
    );
    await utimes(join(gateway.dataDir, 'assets', file ?? ''), longAgo, longAgo);

    const found = await doctor('--repair');
    expect(found).toMatchObject({ code: 1, repaired: ['1 files that belong to nothing were removed'] });
    const problems = found.findings.filter(({ level }: { level: string }) => level === 'problem');
    expect(problems.map(({ message }: { message: string }) => message).sort()).toEqual(
      [
        `the file of ${cut?.id} has 1 of ${cut?.bytes} bytes: restore it from a backup`,
        `the file of ${gone?.id} is missing: restore it from a backup`,
      ].sort(),
    );
    expect(await blobs.size('output_left_behind')).toBeUndefined();
    expect(await blobs.size(whole?.blob ?? '')).toBe(whole?.bytes);
  });

  it('leaves a young file alone: what runs writes it before the row that names it', async () => {
    await gateway.core.blobs.put('output_being_written', new Uint8Array([1]));
    // In a container its process cannot be seen, and another process on the same data may have removed its address.
    for (const whereabouts of ['{"pid":1073741824}', '']) {
      await writeFile(join(gateway.dataDir, 'gateway.json'), whereabouts);
      await doctor('--repair');
      expect(await gateway.core.blobs.size('output_being_written')).toBe(1);
    }
  });

  it('finds secrets that others can read, or that are empty', async () => {
    await chmod(join(gateway.dataDir, 'admin-token'), 0o644);
    await writeFile(join(gateway.dataDir, 'secret'), '');
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    const problems = findings.filter(({ level }: { level: string }) => level === 'problem');
    expect(problems).toEqual([
      expect.objectContaining({ check: 'secrets', message: expect.stringContaining('is empty') }),
      expect.objectContaining({ check: 'secrets', message: expect.stringContaining('"chmod 600"') }),
    ]);
    const repaired = await doctor('--repair');
    expect(repaired.repaired).toEqual([expect.stringMatching(/admin-token is now closed/)]);
    expect(repaired.findings.filter(({ level }: { level: string }) => level === 'problem')).toHaveLength(1);
  });

  it('finds a secret that is not the one that the folder was made with', async () => {
    await writeFile(join(gateway.dataDir, 'secret'), 'another one\n', { mode: 0o600 });
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'secrets',
        level: 'problem',
        message: `${join(gateway.dataDir, 'secret')} is not the secret that ${gateway.dataDir} was made with: restore that one`,
      }),
    );
    await rm(join(gateway.dataDir, 'secret'));
    expect((await doctor()).findings).toContainEqual(
      expect.objectContaining({
        level: 'note',
        message: expect.stringContaining('starts only with the one that the folder was made with'),
      }),
    );
  });

  it('finds a broken configuration', async () => {
    await writeFile(gateway.configFile, 'log: {level: loud}\nworkers: {}\n');
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(findings.filter(({ check }: { check: string }) => check === 'config')).toHaveLength(2);
    expect(await doctor('--config', 'not-there.yaml')).toMatchObject({ code: 1 });
  });

  it('finds no database where there is none, and makes none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'genlock-doctor-'));
    try {
      for (let i = 0; i < 2; i++) {
        const { code, stdout } = await run(['doctor', '--data', folder]);
        expect(code).toBe(1);
        expect(stdout).toMatch(/^problem +database +there is no .*genlock\.db/m);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
