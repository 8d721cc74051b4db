import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolderBlobs } from '../assets/folder.ts';
import type { BlobStore } from '../assets/port.ts';
import type { Config, DialectSettings } from '../config/config.ts';
import { defaultConfig } from '../config/load.ts';
import { type Generation, isTerminal } from '../domain/generation.ts';
import type { Price } from '../domain/pricing.ts';
import { authenticate, type Caller, hashSecret } from '../gateway/accounts/authenticate.ts';
import { topUp } from '../gateway/accounts/top-up.ts';
import { admit } from '../gateway/admission/admit.ts';
import { createListModerator } from '../gateway/admission/moderate.ts';
import type { Submission } from '../gateway/admission/submission.ts';
import type { Core } from '../gateway/core.ts';
import type { Dialect } from '../gateway/dialect.ts';
import { newId } from '../gateway/ids.ts';
import type { Model } from '../gateway/models/model.ts';
import { ModelRegistry } from '../gateway/models/model-registry.ts';
import { ProviderSet } from '../gateway/routes/provider-set.ts';
import { createRouteBoard } from '../gateway/routes/route-board.ts';
import { createWorker, type Worker } from '../gateway/run/worker.ts';
import { waitForEnd } from '../gateway/waiting/wait.ts';
import { createMemoryLimiter } from '../limits/memory.ts';
import type { Provider } from '../providers/port.ts';
import { deriveLinkSecret } from '../secrets/link-secret.ts';
import { createSealer } from '../secrets/seal.ts';
import type { Route } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { silentLog } from '../telemetry/log.ts';
import { noMetrics } from '../telemetry/metrics.ts';
import { noTraces } from '../telemetry/traces.ts';

export interface TestCoreOptions {
  readonly providers: readonly Provider[];
  /** Default: the only provider. */
  readonly routes?: readonly Route[];
  readonly price?: Price;
  readonly config?: (config: Config) => Config;
  readonly dialect?: Partial<Dialect>;
  /** Wraps the folder that stores the files. */
  readonly blobs?: (folder: BlobStore) => BlobStore;
  readonly now?: () => number;
  /** Shared by cores that stand for two processes with the same data. */
  readonly dataDir?: string;
}

/** The use cases with a real store and real files, scripted providers, and a dialect without wire routes. */
export interface TestCore extends Core {
  readonly dataDir: string;
  readonly dialect: Dialect;
  worker(id?: string): Worker;
  /** An account with money and a key. */
  customer(micros: number): Promise<Caller>;
  submit(caller: Caller, changes?: Partial<Submission>): Promise<Generation>;
  /** Waits for the end of a generation. */
  end(id: string): Promise<Generation>;
  close(): Promise<void>;
}

const SETTINGS: DialectSettings = {
  assetTtlMs: 60_000,
  limits: {},
  creditUsd: 10_000,
  webhook: { timeoutMs: 1000, retries: 0, intervalMs: 1 },
  upload: { maxBytes: 1_000_000, maxPixels: 1_000_000 },
  packs: [],
  host: null,
};

export async function startTestCore(options: TestCoreOptions): Promise<TestCore> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'genlock-core-')));
  const dialect: Dialect = {
    name: 'stub',
    models: [],
    newGenerationId: (now) => newId('gen_', now),
    newAssetId: (now) => newId('asset_', now),
    newDeliveryId: (now) => newId('evt_', now),
    moderation: 'at_submission',
    tellable: ['upstream_unavailable'],
    events: () => [],
    endpointEvents: [],
    accountSecret: true,
    webhookScheme: () => ({ timeoutMs: 1000, nextDelayMs: () => undefined, headers: () => ({}) }),
    ...options.dialect,
  };
  const model: Model = {
    dialect: 'stub',
    id: 'painter',
    kind: 'image',
    status: 'active',
    billable: true,
    price: options.price ?? { unit: 'image', usd: 100_000 },
    routes: options.routes ?? options.providers.map(({ name }) => ({ provider: name, model: 'm' })),
    inputField: null,
    enterpriseOnly: [],
    exclusive: [],
  };
  const plain = defaultConfig({
    dialects: { stub: SETTINGS },
    knownModels: new Map([['stub/painter', { kind: 'image' }]]),
    providerTypes: new Map(),
    emulator: true,
  });
  const config = options.config?.(plain) ?? plain;
  const folder = await openFolderBlobs(join(dataDir, 'assets'));
  const providers = new ProviderSet(
    options.providers.map((provider) => ({ provider, identity: provider.name })),
    { now: options.now ?? Date.now, log: silentLog },
  );
  const core: Core = {
    metrics: noMetrics,
    traces: noTraces,
    store: await openSqliteStore({ path: join(dataDir, 'genlock.db') }),
    blobs: options.blobs?.(folder) ?? folder,
    limiter: createMemoryLimiter(),
    providers,
    routeBoard: createRouteBoard({
      policy: () => config.routeHealth,
      isRehearsal: (name) => providers.get(name)?.rehearsal === true,
      now: () => performance.now(),
      random: () => 0.5,
      log: silentLog,
    }),
    dialects: new Map([[dialect.name, dialect]]),
    models: new ModelRegistry([model], config.models),
    moderator: () => createListModerator(config.moderation),
    config: () => config,
    publicUrl: () => 'http://127.0.0.1',
    checkUrl: () => undefined,
    fetchPublic: () => Promise.reject(new Error('no network in this test')),
    probe: async (bytes) => {
      if (bytes.length === 0) throw new Error('empty');
      return { kind: 'image', contentType: 'image/png', width: 1, height: 1 };
    },
    secrets: createSealer('test'),
    linkSecret: deriveLinkSecret('test'),
    instance: 'test/inline',
    now: options.now ?? Date.now,
    random: () => 0.5,
    log: silentLog,
    draining: () => false,
    stopped: new AbortController().signal,
  };
  const workers: Worker[] = [];

  return {
    ...core,
    dataDir,
    dialect,
    worker: (id = newId('worker_', Date.now())) => {
      const worker = createWorker(core, id);
      workers.push(worker);
      return worker;
    },
    customer: async (micros) => {
      const now = Date.now();
      const account = {
        id: newId('acc_', now),
        name: 't',
        plan: 'pro',
        status: 'active',
        limits: {},
        createdAt: now,
      } as const;
      await core.store.createAccount(account);
      if (micros > 0)
        await topUp(core, { accountId: account.id, amount: micros, bucket: 'permanent', reference: null });
      const secret = newId('secret_', now);
      const blank = { name: '', prefix: '', allowedOrigins: [], allowedIps: [], limits: {} };
      await core.store.createKey(
        {
          ...blank,
          id: newId('key_', now),
          accountId: account.id,
          dialect: 'stub',
          mode: 'live',
          status: 'active',
          createdAt: now,
        },
        hashSecret(secret),
      );
      return authenticate(core, 'stub', secret);
    },
    submit: async (caller, changes = {}) => {
      const admitted = await admit(core, {
        caller,
        dialect,
        model: core.models.find('stub', 'painter') ?? model,
        input: { prompt: 'a red mug' },
        request: {
          kind: 'image',
          prompt: 'a red mug',
          count: 1,
          format: 'png',
          width: 1,
          height: 1,
          seed: 1,
        },
        usage: { images: 1 },
        slots: [],
        ...changes,
      });
      const id = admitted.kind === 'admitted' ? admitted.generation.id : admitted.generationId;
      const generation = await core.store.generation(id);
      if (generation === undefined) throw new Error('not stored');
      return generation;
    },
    end: async (id) => {
      const generation = await waitForEnd(core, id, 30_000);
      if (generation === undefined || !isTerminal(generation.status)) throw new Error(`${id} has not ended`);
      return generation;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.drain(0)));
      await core.store.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
