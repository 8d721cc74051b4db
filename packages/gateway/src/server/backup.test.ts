import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../cli/testing.ts';
import { waitForEnd } from '../gateway/waiting/wait.ts';
import { OtherSecretError } from '../secrets/same-secret.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
let copy: string;
beforeEach(async () => {
  gateway = await startTestGateway();
  copy = join(await mkdtemp(join(tmpdir(), 'genlock-backup-')), 'restored');
});
afterEach(async () => {
  await gateway.close();
  await rm(join(copy, '..'), { recursive: true, force: true });
});

interface Made {
  readonly id: string;
  readonly status: string;
  readonly output: { readonly assets: readonly { readonly url: string }[] } | null;
}

/** As docs/operating.md says: the database with its own tool, then the files and the secrets. */
async function copyWhileItRuns(): Promise<void> {
  await mkdir(copy, { mode: 0o700 });
  const source = new DatabaseSync(join(gateway.dataDir, 'genlock.db'), { readOnly: true });
  await backup(source, join(copy, 'genlock.db'));
  source.close();
  for (const part of ['assets', 'secret', 'secret-check', 'admin-token'])
    await cp(join(gateway.dataDir, part), join(copy, part), { recursive: true });
}

it('goes on from a copy that was made while it ran: money, keys, files, and jobs that had not ended', async () => {
  const { id: account, key } = await gateway.customer({ credit_usd: '5' });
  const call = async <T>(url: string, init: RequestInit = {}): Promise<T> => {
    const headers = {
      authorization: `Bearer ${key.key}`,
      'content-type': 'application/json',
      ...init.headers,
    };
    return (await (await fetch(url, { ...init, headers })).json()) as T;
  };
  const order = (prompt: string, wait: string): Promise<Made> =>
    call(`${gateway.url}/v1/generations`, {
      method: 'POST',
      headers: { prefer: `wait=${wait}` },
      body: JSON.stringify({ model: 'genlock/image', input: { prompt, size: '512x512' } }),
    });
  const made = await order('a red mug', '60');
  const open = await order('a blue boat [[sandbox delay=2s]]', '0');
  await copyWhileItRuns();
  await order('ordered after the copy', '60');

  const { code, stdout } = await run(['doctor', '--data', copy]);
  expect(stdout).toContain('drift $0');
  expect(code).toBe(0);
  // What was sealed can only be opened with this secret.
  await expect(startTestGateway({ dataDir: copy, env: { GENLOCK_SECRET: 'another one' } })).rejects.toThrow(
    OtherSecretError,
  );
  const restored = await startTestGateway({ dataDir: copy, env: {} });
  try {
    expect((await waitForEnd(restored.core, open.id, 30_000))?.status).toBe('succeeded');
    const again = await call<Made>(`${restored.url}/v1/generations/${made.id}`);
    const link = again.output?.assets[0]?.url ?? '';
    const file = await fetch(link, { headers: { authorization: `Bearer ${key.key}` } });
    expect([file.status, (await file.arrayBuffer()).byteLength > 1000]).toEqual([200, true]);
    const { body } = await restored.admin<{ balance: object }>('GET', `/accounts/${account}`);
    expect(body.balance).toEqual({ available_usd: '4.96', held_usd: '0' });
    const list = await call<{ data: Made[] }>(`${restored.url}/v1/generations`);
    expect(list.data).toHaveLength(2);
  } finally {
    await restored.close();
  }
});
