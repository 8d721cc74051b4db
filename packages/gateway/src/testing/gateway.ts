import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../domain/json.ts';
import type { StartOptions } from '../server/options.ts';
import { type RunningGateway, startGateway } from '../server/start.ts';
import { silentLog } from '../telemetry/log.ts';

export interface TestGatewayOptions extends Partial<Omit<StartOptions, 'configFile'>> {
  /** Text of a genlock.yaml. */
  readonly config?: string;
}

export interface TestAccount {
  readonly id: string;
}

export interface TestKey {
  readonly id: string;
  readonly key: string;
}

/** A real gateway on a free loopback port, with its data in a temporary folder, and functions for the operator's calls. */
export interface TestGateway extends RunningGateway {
  readonly dataDir: string;
  readonly configFile: string;
  /** Makes an admin call and returns the answer unchanged. */
  admin<T = JsonObject>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>;
  createAccount(body?: object): Promise<TestAccount>;
  createKey(accountId: string, body?: object): Promise<TestKey>;
  /** An account with credits and an active live key, ready to call a dialect. */
  customer(options?: {
    dialect?: string;
    credit_usd?: string;
    account?: object;
    key?: object;
  }): Promise<TestAccount & { key: TestKey }>;
  /** Stops it and starts it again on the same data. Returns the new gateway; this one can no longer be used. */
  restart(options?: TestGatewayOptions): Promise<TestGateway>;
}

/** Starts an emulator unless told otherwise. `close()` also deletes its data. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'genlock-test-')));
  return open(dataDir, options);
}

async function open(dataDir: string, options: TestGatewayOptions): Promise<TestGateway> {
  const { config, ...rest } = options;
  const configFile = join(dataDir, 'genlock.yaml');
  if (config !== undefined) await writeFile(configFile, config);
  const gateway = await startGateway({
    port: 0,
    emulator: true,
    env: {},
    log: silentLog,
    ...rest,
    dataDir,
    ...(config !== undefined && { configFile }),
  });

  const admin = async <T = JsonObject>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T }> => {
    const response = await fetch(`${gateway.url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${gateway.adminToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
  const made = async <T>(path: string, body: object): Promise<T> => {
    const answer = await admin<T>('POST', path, body);
    if (answer.status !== 201)
      throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const createAccount: TestGateway['createAccount'] = (body = {}) =>
    made('/accounts', { name: 'test', ...body });
  const createKey: TestGateway['createKey'] = (accountId, body = {}) =>
    made(`/accounts/${accountId}/keys`, { dialect: 'kiara', ...body });

  return {
    ...gateway,
    dataDir,
    configFile,
    admin,
    createAccount,
    createKey,
    customer: async ({ dialect = 'kiara', credit_usd = '100', account = {}, key = {} } = {}) => {
      const { id } = await createAccount({ credit_usd, ...account });
      return { id, key: await createKey(id, { dialect, ...key }) };
    },
    restart: async (changes = {}) => {
      await gateway.close();
      return open(dataDir, { ...options, ...changes });
    },
    close: async (graceMs) => {
      await gateway.close(graceMs);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
