import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
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
    });
  });

  it('finds secrets that others can read, or that are empty', async () => {
    await chmod(join(gateway.dataDir, 'admin-token'), 0o644);
    await writeFile(join(gateway.dataDir, 'secret'), '');
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    const problems = findings.filter(({ level }: { level: string }) => level === 'problem');
    expect(problems).toEqual([
      { check: 'secrets', level: 'problem', message: expect.stringContaining('is empty') },
      { check: 'secrets', level: 'problem', message: expect.stringContaining('"chmod 600"') },
    ]);
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
