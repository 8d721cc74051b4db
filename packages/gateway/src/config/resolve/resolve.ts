import type { CircuitPolicy } from '../../domain/circuit.ts';
import type { JsonObject } from '../../domain/json.ts';
import {
  type Config,
  type ConfigDefaults,
  type HostTarget,
  type ProviderSettings,
  SANDBOX,
} from '../config.ts';
import { parseCidr, parseListen } from '../network.ts';
import { compilePattern } from '../pattern.ts';
import type { ConfigFile } from '../schema.ts';
import { parseDuration, parseFactor } from '../units.ts';
import { resolveDialect } from './dialect.ts';
import { deepFreeze } from './freeze.ts';
import { resolveModel } from './model.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Shorter in the emulator, so that a job that fails for good does so within seconds. */
export function defaultRetries(emulator: boolean): Config['retries'] {
  const delays = emulator
    ? { baseDelayMs: 50, maxDelayMs: SECOND }
    : { baseDelayMs: 500, maxDelayMs: 30 * SECOND };
  return { maxAttempts: 4, attemptsPerRoute: 3, maxCost: 1000, ...delays };
}

/** When a failing route is left alone. */
export function defaultRouteHealth(): CircuitPolicy {
  return {
    window: 20,
    minCalls: 5,
    failureRatio: 0.5,
    forgetMs: MINUTE,
    openMs: 15 * SECOND,
    maxOpenMs: 5 * MINUTE,
    brokenOpenMs: 5 * MINUTE,
    restMs: SECOND,
  };
}

/** Fills in the defaults. `file` has passed every check, so nothing can fail here. */
export function resolveConfig(file: ConfigFile, defaults: ConfigDefaults): Config {
  const retries = defaultRetries(defaults.emulator);
  const deadlines = file.deadlines ?? {};
  return deepFreeze<Config>({
    dialects: dialectsOf(file, defaults),
    hosts: hostsOf(file),
    models: new Map(Object.entries(file.models ?? {}).map(([name, model]) => [name, resolveModel(model)])),
    providers: providersOf(file),
    moderation: {
      words: file.moderation?.words ?? [],
      patterns: (file.moderation?.patterns ?? [])
        .map(compilePattern)
        .filter((pattern): pattern is RegExp => pattern instanceof RegExp),
    },
    outbound: { allow: networks(file.outbound?.allow) },
    trustedProxies: networks(file.trusted_proxies),
    limits: { whenUnreachable: file.limits?.when_unreachable ?? 'refuse' },
    retries: {
      maxAttempts: file.retries?.max_attempts ?? retries.maxAttempts,
      attemptsPerRoute: file.retries?.attempts_per_route ?? retries.attemptsPerRoute,
      baseDelayMs: ms(file.retries?.base_delay, retries.baseDelayMs),
      maxDelayMs: ms(file.retries?.max_delay, retries.maxDelayMs),
      maxCost: parseFactor(file.retries?.max_cost ?? '') ?? retries.maxCost,
    },
    routeHealth: routeHealthOf(file.route_health),
    worker: {
      concurrency: file.worker?.concurrency ?? 128,
      followed: file.worker?.followed ?? 1024,
      accountShare: file.worker?.account_share ?? 0.9,
      testShare: file.worker?.test_share ?? 0.5,
      leaseMs: ms(file.worker?.lease, 10 * SECOND),
    },
    deadlines: {
      image: ms(deadlines.image, 10 * MINUTE),
      video: ms(deadlines.video, 30 * MINUTE),
      speech: ms(deadlines.speech, 5 * MINUTE),
      text: ms(deadlines.text, 5 * MINUTE),
      batch: ms(deadlines.batch, 60 * MINUTE),
      training: ms(deadlines.training, 24 * 60 * MINUTE),
    },
    log: { level: file.log?.level ?? 'info' },
    metrics: { listen: (file.metrics?.listen && parseListen(file.metrics.listen)) || null },
    telemetry: { otlp: file.telemetry?.otlp ?? null, sample: file.telemetry?.sample ?? 1 },
  });
}

function routeHealthOf(file: ConfigFile['route_health'] = {}): CircuitPolicy {
  const defaults = defaultRouteHealth();
  return {
    window: file.window ?? defaults.window,
    minCalls: file.min_calls ?? defaults.minCalls,
    failureRatio: file.failure_ratio ?? defaults.failureRatio,
    forgetMs: ms(file.forget_after, defaults.forgetMs),
    openMs: ms(file.open_for, defaults.openMs),
    maxOpenMs: ms(file.max_open, defaults.maxOpenMs),
    brokenOpenMs: ms(file.broken_for, defaults.brokenOpenMs),
    restMs: ms(file.rest_for, defaults.restMs),
  };
}

function dialectsOf(file: ConfigFile, defaults: ConfigDefaults): Config['dialects'] {
  return record(
    Object.entries(defaults.dialects).map(([name, settings]) => [
      name,
      resolveDialect(file.dialects?.[name] ?? {}, rootHost(file, name, defaults), settings),
    ]),
  );
}

function rootHost(file: ConfigFile, dialect: string, { hostParts }: ConfigDefaults): string | null {
  const target = file.hosts?.[dialect];
  const first = hostParts?.[dialect]?.[0] ?? 'api';
  const host = typeof target === 'object' ? (target[first] ?? Object.values(target)[0]) : target;
  return host?.toLowerCase() ?? null;
}

function hostsOf(file: ConfigFile): Config['hosts'] {
  const hosts = new Map<string, HostTarget>();
  for (const [dialect, target] of Object.entries(file.hosts ?? {})) {
    if (typeof target === 'string') hosts.set(target.toLowerCase(), { dialect });
    else for (const [part, host] of Object.entries(target)) hosts.set(host.toLowerCase(), { dialect, part });
  }
  return hosts;
}

function providersOf(file: ConfigFile): Config['providers'] {
  const configured = Object.entries(file.providers ?? {}).map(([name, { type, ...settings }]) => {
    // All values of YAML's core schema are JSON values.
    return [name, { type, settings: settings as JsonObject }] as const;
  });
  const sandbox = { type: SANDBOX, settings: {} };
  return record<ProviderSettings>([[SANDBOX, sandbox], ...configured]);
}

function networks(written: readonly string[] = []): readonly string[] {
  return written.map((network) => parseCidr(network) ?? network);
}

function ms(written: string | undefined, otherwise: number): number {
  return (written === undefined ? undefined : parseDuration(written)) ?? otherwise;
}

/** Without a prototype, so that `constructor` is not found as a provider. */
function record<Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> {
  const result: Record<string, Value> = Object.create(null);
  for (const [name, value] of entries) result[name] = value;
  return result;
}
