import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, GENLOCK_BIN, spawnGateway } from '../testing/process.ts';

const JOBS = 50;
/** Ten cents per image, a hundred times. */
const CREDIT = '10';

interface KiaraJob {
  readonly id: string;
  readonly status: string;
  readonly credits: { readonly held: number; readonly charged: number };
}

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'genlock-crash-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function call<T>(url: string, token: string, body?: object): Promise<{ status: number; body: T }> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}

async function customer({ url, adminToken }: GatewayProcess) {
  const account = await call<{ id: string }>(`${url}/admin/v1/accounts`, adminToken, {
    name: 'crash',
    credit_usd: CREDIT,
  });
  const key = await call<{ key: string }>(`${url}/admin/v1/accounts/${account.body.id}/keys`, adminToken, {
    dialect: 'kiara',
    limits: { requests_per_minute: 1000, reads_per_minute: 100_000, unfinished_jobs: 1000 },
  });
  return { id: account.body.id, key: key.body.key };
}

async function ended({ url }: GatewayProcess, key: string, id: string): Promise<KiaraJob> {
  for (;;) {
    const { body } = await call<KiaraJob>(`${url}/kiara/v1/generations/${id}`, key);
    if (body.status !== 'queued' && body.status !== 'processing') return body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('kill -9 in the middle of running jobs', () => {
  it('loses no acknowledged job, charges each at most once, and leaves no drift', async () => {
    const first = await spawnGateway(dataDir);
    const { id: accountId, key } = await customer(first);
    const create = (n: number) =>
      call<KiaraJob>(`${first.url}/kiara/v1/generations`, key, {
        prompt: `a red mug, view ${n} [[sandbox delay=${n * 20}ms]]`,
      });
    const created = await Promise.all(Array.from({ length: JOBS }, (_, n) => create(n)));
    expect(created.map(({ status }) => status)).toEqual(Array(JOBS).fill(202));
    // Some have ended by now, some are running, some have not begun.
    await ended(first, key, created[0]?.body.id ?? '');
    await first.stop('SIGKILL');

    const second = await spawnGateway(dataDir);
    const jobs = await Promise.all(created.map(({ body }) => ended(second, key, body.id)));
    expect(jobs.map(({ status }) => status)).toEqual(Array(JOBS).fill('completed'));
    expect(jobs.map(({ credits }) => credits.charged)).toEqual(Array(JOBS).fill(10));

    const { body: account } = await call<{ balance: object }>(
      `${second.url}/admin/v1/accounts/${accountId}`,
      second.adminToken,
    );
    expect(account.balance).toEqual({ available_usd: '5', held_usd: '0' });

    const { stdout } = await promisify(execFile)(GENLOCK_BIN, ['doctor', '--data', dataDir, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ drift_usd: '0', open_holds: 0 });
    expect(await second.stop('SIGTERM')).toBe(0);
  });
});

describe('SIGTERM', () => {
  it('lets what runs finish and keeps what waits for the next start', async () => {
    const first = await spawnGateway(dataDir);
    const { key } = await customer(first);
    const { body: job } = await call<KiaraJob>(`${first.url}/kiara/v1/generations`, key, {
      prompt: 'a slow mug [[sandbox delay=700ms]]',
    });
    expect(await first.stop('SIGTERM')).toBe(0);
    const second = await spawnGateway(dataDir);
    expect((await ended(second, key, job.id)).status).toBe('completed');
    expect(await second.stop('SIGTERM')).toBe(0);
  });
});
