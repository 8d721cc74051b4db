import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestGateway } from '../testing/gateway.ts';
import { GENLOCK_BIN } from '../testing/process.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'genlock-half-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function works(): Promise<void> {
  const gateway = await startTestGateway({ dataDir });
  try {
    const { id } = await gateway.customer({ credit_usd: '1' });
    const { body } = await gateway.admin<{ balance: object }>('GET', `/accounts/${id}`);
    expect(body.balance).toEqual({ available_usd: '1', held_usd: '0' });
    expect((await gateway.admin('POST', '/reconcile')).body).toMatchObject({ drift_usd: '0' });
  } finally {
    await gateway.close();
  }
}

it('starts on what a process left that died while it made the folder', async () => {
  await writeFile(join(dataDir, 'genlock.db'), '');
  await writeFile(join(dataDir, 'secret-check'), '');
  await writeFile(join(dataDir, 'gateway.json'), '{"url":"http://127.0.0.1');
  await writeFile(join(dataDir, 'secret.0123456789abcdef.tmp'), 'half');
  await mkdir(join(dataDir, 'assets', 'a1'), { recursive: true });
  await writeFile(join(dataDir, 'assets', 'a1', '.tmp-0123'), 'half');
  await works();
});

it('starts after it was killed at any moment of its first starts', { timeout: 120_000 }, async () => {
  for (const afterMs of [80, 160, 240, 320, 400, 480, 560, 700]) {
    const child = spawn(GENLOCK_BIN, ['serve', '--port', '0', '--data', dataDir], {
      cwd: dataDir,
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    await sleep(afterMs);
    child.kill('SIGKILL');
    await ended;
  }
  await works();
});
