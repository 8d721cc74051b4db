import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GENLOCK = fileURLToPath(new URL('../packages/gateway/bin/genlock', import.meta.url));
export const ADMIN_TOKEN = 'bench-admin-token-0123456789abcdef';

/** The address in `X-Forwarded-For` identifies callers, so that one machine can play many of them. */
const CONFIG = 'trusted_proxies: [127.0.0.1/32]\n';

const UNLIMITED = {
  requests_per_minute: 1_000_000_000,
  reads_per_minute: 1_000_000_000,
  unfinished_jobs: 1_000_000_000,
  concurrent: 1_000_000_000,
};

/** Makes an account with a live key, without limits unless some are given. */
export type NewCustomer = (options?: {
  readonly dialect?: string;
  readonly creditUsd?: string;
  readonly limits?: object;
}) => Promise<{ accountId: string; key: string }>;

export interface ServedGateway {
  readonly port: number;
  readonly pid: number;
  /** Milliseconds from the start of the program to its ready line. */
  readonly readyMs: number;
  readonly customer: NewCustomer;
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly dataDir: string;
  readonly worker?: boolean;
  /** For profiles: `['--cpu-prof']`. */
  readonly nodeOptions?: readonly string[];
}

/** Runs the real `genlock serve` and waits for its ready line. */
export async function serveGateway({
  dataDir,
  worker = false,
  nodeOptions = [],
}: ServeOptions): Promise<ServedGateway> {
  const config = join(dataDir, 'genlock.yaml');
  await writeFile(config, CONFIG);
  const started = performance.now();
  const child = spawn(
    GENLOCK,
    ['serve', '--port', '0', '--data', dataDir, '--config', config, ...(worker ? [] : ['--no-worker'])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, GENLOCK_ADMIN_TOKEN: ADMIN_TOKEN, NODE_OPTIONS: nodeOptions.join(' ') },
    },
  );
  const kill = (): void => void child.kill();
  process.once('exit', kill); // a failed measurement must leave no process behind
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let output = '';
    child.once('exit', (code) => reject(new Error(`genlock serve ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const ready = /Genlock ready on http:\/\/\S+:(\d+)/.exec(output)?.[1];
      if (ready !== undefined) resolve(Number(ready));
    });
  });
  const readyMs = performance.now() - started;

  const { pid } = child;
  if (pid === undefined) throw new Error('no process');
  return {
    port,
    pid,
    readyMs,
    customer: customersOf(port),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', kill);
    },
  };
}

/** Makes customers with the operator's API of a gateway whose token is ours. */
export function customersOf(port: number): NewCustomer {
  const admin = async <T>(path: string, body: object): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}/admin/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return async ({ dialect = 'kiara', creditUsd, limits = UNLIMITED } = {}) => {
    const { id } = await admin<{ id: string }>('/accounts', {
      name: 'bench',
      ...(creditUsd !== undefined && { credit_usd: creditUsd }),
    });
    const { key } = await admin<{ key: string }>(`/accounts/${id}/keys`, { dialect, limits });
    return { accountId: id, key };
  };
}

/** A folder that exists as long as a measurement. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'genlock-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
