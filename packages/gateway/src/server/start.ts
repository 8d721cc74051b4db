import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { adminApi } from '../admin/describe.ts';
import { type MetricsText, metricsRoute } from '../admin/metrics.ts';
import { adminRoutes } from '../admin/routes.ts';
import { openFolderBlobs } from '../assets/folder.ts';
import type { Config } from '../config/config.ts';
import { dialectModules } from '../dialects/index.ts';
import { withFaults, withProviderFaults } from '../faults/apply.ts';
import { FaultBoard } from '../faults/board.ts';
import { createListModerator } from '../gateway/admission/moderate.ts';
import type { Core } from '../gateway/core.ts';
import { startRetention } from '../gateway/files/retention.ts';
import { measure } from '../gateway/metrics/measure.ts';
import { followModels } from '../gateway/models/follow-models.ts';
import { ModelRegistry } from '../gateway/models/model-registry.ts';
import { createRouteBoard } from '../gateway/routes/route-board.ts';
import { warnLostRoutes } from '../gateway/routes/warn-lost-routes.ts';
import { createWorker, type Worker } from '../gateway/run/worker.ts';
import { callersServed } from '../gateway/waiting/waiting-callers.ts';
import { deliverySecrets } from '../gateway/webhooks/webhook-secrets.ts';
import { createApp } from '../http/app.ts';
import { createOutbound } from '../http/outbound/outbound.ts';
import { docsRoutes } from '../http/reference/docs.ts';
import { describedApis } from '../http/reference/openapi.ts';
import { countRefusals } from '../limits/count-refusals.ts';
import { createMemoryLimiter } from '../limits/memory.ts';
import { deriveLinkSecret } from '../secrets/link-secret.ts';
import { assertSameSecret, loadSecret } from '../secrets/same-secret.ts';
import { createSealer } from '../secrets/seal.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { createLog } from '../telemetry/pino.ts';
import { createMetrics } from '../telemetry/registry.ts';
import { createDeliverer } from '../webhooks/deliver.ts';
import { loadAdminToken } from './admin-token.ts';
import { auditReloads } from './audit-reloads.ts';
import { openConfig } from './config-source.ts';
import { currentOutbound } from './current-outbound.ts';
import { endConnections } from './end-connections.ts';
import { listenMetrics, type OwnListener } from './listen-metrics.ts';
import { makeFolder } from './make-folder.ts';
import { openTraces } from './open-traces.ts';
import type { StartOptions } from './options.ts';
import { probeMedia } from './probe-media.ts';
import { openProviders } from './provider-source.ts';
import { programVersion } from './version.ts';
import { watchLimiter } from './watch-limiter.ts';

export interface RunningGateway {
  /** The origin that it listens on. */
  readonly url: string;
  readonly adminToken: string;
  /** The URL of `/metrics` without a token, if there is one. */
  readonly metricsUrl: string | undefined;
  /** True if the token has just been made, so that it can be shown once. */
  readonly adminTokenIsNew: boolean;
  readonly core: Core;
  /** Reads the configuration file again, as it also happens when the file changes. */
  reload(): Promise<void>;
  /** Takes no new work. Running work may finish within `graceMs`; then leases are given back. Requests are still answered. */
  drain(graceMs?: number): Promise<void>;
  /** Drains, then stops everything. */
  close(graceMs?: number): Promise<void>;
}

const DEFAULT_GRACE_MS = 20_000;
const FETCH_TIMEOUT_MS = 60_000;
const FETCH_REDIRECTS = 3;

/** Puts the parts together and serves. `close` ends everything that this starts. */
export async function startGateway(options: StartOptions): Promise<RunningGateway> {
  const {
    dataDir,
    host = '127.0.0.1',
    port = 4010,
    emulator = false,
    env = process.env,
    now = Date.now,
  } = options;
  await makeFolder(dataDir);
  const source = await openConfig({
    file: options.configFile,
    mayBeAbsent: options.configMayBeAbsent === true,
    modules: dialectModules,
    emulator,
    env,
    log: () => log,
  });
  const log = options.log ?? createLog(() => source.current().log.level);
  const config = (): Config => source.current();

  const secret = env.GENLOCK_SECRET ?? (await loadSecret(dataDir));
  const token = await loadAdminToken(dataDir, env);
  const sealer = createSealer(secret);
  await assertSameSecret(dataDir, sealer);

  const { metrics, render } = createMetrics();
  metrics.info.of(programVersion()).set(1);

  const board = new FaultBoard();
  const own = await openSqliteStore({ path: join(dataDir, 'genlock.db'), metrics });
  const plain = {
    store: options.store?.(own) ?? own,
    blobs: await openFolderBlobs(join(dataDir, 'assets')),
    limiter: countRefusals(createMemoryLimiter(), metrics),
  };
  const broken = emulator ? withFaults(board, plain) : plain;
  const parts = { ...broken, limiter: watchLimiter(broken.limiter, { config, metrics, now, log }) };
  const opening = openProviders(config(), {
    tools: {
      folder: dirname(resolve(options.configFile ?? dataDir)),
      fetchPublic: (url, bounds) => core.fetchPublic(url, bounds),
    },
    fixed: options.providers ?? [],
    wrap: (provider) => (emulator ? withProviderFaults(board, provider) : provider),
    now,
    log,
  });
  // Registered already here, because the file may change while the providers are being made.
  source.beforeChange(async (next) => {
    const put = await (await opening).prepare(next);
    return () => {
      const changed = put();
      for (const name of changed) routeBoard.forget(name);
      return { providers: changed };
    };
  });
  const upstreams = await opening;
  const { providers } = upstreams;
  const routeBoard = createRouteBoard({
    policy: () => config().routeHealth,
    isRehearsal: (name) => providers.get(name)?.rehearsal === true,
    now: () => performance.now(),
    random: Math.random,
    log,
  });

  const models = new ModelRegistry(
    dialectModules.flatMap(({ dialect }) => dialect.models),
    config().models,
  );
  const tellLostRoutes = () => warnLostRoutes({ log, models, providers });
  const outboundOf = ({ outbound }: Config) =>
    createOutbound({ allow: outbound.allow, allowLoopback: emulator });
  const outbound = currentOutbound(outboundOf(config()));
  let moderator = createListModerator(config().moderation);
  source.onChange((next) => {
    models.configure(next.models);
    tellLostRoutes();
    moderator = createListModerator(next.moderation);
    outbound.replace(outboundOf(next));
  });

  const stopModels = await followModels(plain.store, models, log, tellLostRoutes);
  tellLostRoutes();

  const id = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const tracing = await openTraces(config(), env, { version: programVersion(), instance: id, log });
  let draining = false;
  const stopped = new AbortController();
  let listening = '';
  const core: Core = {
    ...parts,
    providers,
    routeBoard,
    dialects: new Map(dialectModules.map(({ dialect }) => [dialect.name, dialect])),
    models,
    moderator: () => moderator,
    config,
    publicUrl: () => options.publicUrl?.replace(/\/+$/, '') ?? listening,
    checkUrl: (url) => outbound.check(url),
    fetchPublic: async (url, { maxBytes, signal }) => {
      const bounds = { timeoutMs: FETCH_TIMEOUT_MS, maxBytes, maxRedirects: FETCH_REDIRECTS };
      const { status, body } = await outbound.fetch(url, { ...bounds, ...(signal && { signal }) });
      if (status < 200 || status > 299) throw new Error(`the server answered ${status}`);
      return body;
    },
    probe: probeMedia,
    secrets: sealer,
    linkSecret: deriveLinkSecret(secret),
    instance: `${id}/inline`,
    now,
    random: Math.random,
    log,
    metrics,
    traces: tracing.traces,
    draining: () => draining,
    stopped: stopped.signal,
  };

  auditReloads(core, source, options.configFile);

  const app = await createApp({ core, modules: dialectModules });
  await app.register(
    adminRoutes({
      core,
      modules: dialectModules,
      token: token.value,
      emulator,
      faults: board,
      seal: sealer.seal,
      open: sealer.open,
    }),
    { prefix: '/admin/v1' },
  );
  const renderMetrics = async (): Promise<MetricsText> => {
    await measure(core);
    return render();
  };
  metricsRoute(app, { core, token: token.value }, renderMetrics);
  await app.register(async (scope) =>
    docsRoutes(scope, core, [...describedApis(dialectModules), adminApi(emulator)]),
  );

  const worker: Worker | undefined = options.worker === false ? undefined : createWorker(core, id);
  const deliverer = createDeliverer({
    store: plain.store,
    outbound,
    schemeOf: (name) => {
      const settings = config().dialects[name];
      return settings && core.dialects.get(name)?.webhookScheme(settings);
    },
    secretsOf: (delivery) => deliverySecrets(core, sealer, delivery),
    now,
    worker: id,
    log,
    metrics,
    traces: tracing.traces,
  });

  const endingConnections = endConnections(app.server);
  const stopRetention = startRetention(core);
  const { listen } = config().metrics;
  let ownMetrics: OwnListener | undefined;
  try {
    if (listen !== null) ownMetrics = await listenMetrics(listen, renderMetrics);
    await app.listen({ host, port });
  } catch (error) {
    stopModels();
    stopRetention();
    source.close();
    await ownMetrics?.close();
    await tracing.close();
    await upstreams.close();
    await plain.store.close();
    throw error;
  }
  if (ownMetrics !== undefined) log.info({ url: ownMetrics.url }, 'metrics have an address of their own');
  listening = addressOf(app.server.address() as AddressInfo);
  worker?.start();
  if (worker !== undefined) deliverer.start();
  const whereabouts = join(dataDir, 'gateway.json');
  const written = JSON.stringify({ url: listening, pid: process.pid, emulator });
  await writeFile(whereabouts, written);

  const drain = async (graceMs = DEFAULT_GRACE_MS): Promise<void> => {
    draining = true;
    await Promise.all([worker?.drain(graceMs), callersServed(core, graceMs), worker && deliverer.drain()]);
    stopped.abort();
  };
  let closing: Promise<void> | undefined;
  const close = async (graceMs?: number): Promise<void> => {
    await drain(graceMs);
    stopModels();
    stopRetention();
    source.close();
    await endingConnections(() => app.close());
    await upstreams.close();
    await outbound.close();
    await plain.limiter.close();
    await ownMetrics?.close();
    await tracing.close();
    await plain.store.close();
    // Skipped if another process on the same data has written its own address there since.
    if ((await readFile(whereabouts, 'utf8').catch(() => '')) === written) await rm(whereabouts);
  };

  return {
    url: listening,
    metricsUrl: ownMetrics?.url,
    adminToken: token.value,
    adminTokenIsNew: token.created,
    core,
    reload: source.reload,
    drain,
    close: (graceMs) => (closing ??= close(graceMs)),
  };
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
