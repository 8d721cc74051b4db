import type { TObject } from 'typebox';
import type { CircuitPolicy } from '../domain/circuit.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Micros } from '../domain/money.ts';
import type { Price } from '../domain/pricing.ts';
import type { Kind } from '../domain/request.ts';
import type { RetryPolicy } from '../domain/retry-decision.ts';
import type { LimitName, Limits, ModelPatch } from '../store/port.ts';
import type { Listen } from './network.ts';

export const WHEN_UNREACHABLE = ['refuse', 'allow'] as const;
export type WhenUnreachable = (typeof WHEN_UNREACHABLE)[number];

/** Limits that count calls, and so ask the limiter; the others count in the store. */
export const CALL_LIMITS = [
  'requests_per_minute',
  'reads_per_minute',
  'video_requests_per_minute',
] as const satisfies readonly LimitName[];

export const CANCELED_SPELLINGS = ['cancelled', 'canceled'] as const;
export type CanceledSpelling = (typeof CANCELED_SPELLINGS)[number];

/** What can be set for one dialect. Its defaults come from its contract, so the dialect brings them. */
export interface DialectSettings {
  /** How long files live that were produced or uploaded. */
  readonly assetTtlMs: number;
  readonly limits: Limits;
  /** By limit: what happens to calls while it cannot be asked about. Absent: what {@link Config.limits} says. */
  readonly whenUnreachable?: Readonly<Record<string, WhenUnreachable>>;
  /** What one credit of the dialect is worth. */
  readonly creditUsd: Micros;
  readonly webhook: {
    readonly timeoutMs: number;
    /** Attempts after the first. */
    readonly retries: number;
    readonly intervalMs: number;
    readonly timestampHeader?: string;
    readonly signatureHeader?: string;
  };
  readonly upload: { readonly maxBytes: number; readonly maxPixels: number };
  readonly packs: readonly { readonly id: string; readonly usd: Micros }[];
  /** How a cancellation is spelled, where the contract knows two ways. */
  readonly canceledAs?: CanceledSpelling;
  /** The host name at whose root the dialect is served; of a dialect with several, the one of its first part. */
  readonly host: string | null;
}

/** What the file says about a model. Absent: the dialect's model table decides; the operator's patches win over both. */
export interface ModelSettings extends ModelPatch {
  readonly price?: Price;
  readonly deadlineMs?: number;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Which dialect, and which part of it (`api`, `dashboard`), answers at a host name. */
export interface HostTarget {
  readonly dialect: string;
  readonly part?: string;
}

export interface ProviderSettings {
  readonly type: string;
  readonly settings: JsonObject;
}

export interface WorkerSettings {
  /** Generations that work at once. */
  readonly concurrency: number;
  /** Those and the ones that only wait. */
  readonly followed: number;
  /** Of both, the most that one account, and all test-mode work, may have. */
  readonly accountShare: number;
  readonly testShare: number;
  readonly leaseMs: number;
}

/** The whole configuration: immutable, every default filled in. Amounts are micro-dollars, times milliseconds. */
export interface Config {
  readonly dialects: Readonly<Record<string, DialectSettings>>;
  /** By lower-case host name, without a port. */
  readonly hosts: ReadonlyMap<string, HostTarget>;
  /** By `<dialect>/<wire id>`; wire ids may hold slashes. */
  readonly models: ReadonlyMap<string, ModelSettings>;
  /** `sandbox` is always there. Has no prototype, so that a name from outside can be looked up safely. */
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  readonly moderation: { readonly words: readonly string[]; readonly patterns: readonly RegExp[] };
  /** Networks that outbound calls may reach besides public ones, in CIDR form. */
  readonly outbound: { readonly allow: readonly string[] };
  /** Networks whose `X-Forwarded-For` is believed, in CIDR form. */
  readonly trustedProxies: readonly string[];
  readonly limits: { readonly whenUnreachable: WhenUnreachable };
  /** `maxCost`: a call may cost so many thousandths of what its caller was quoted. */
  readonly retries: RetryPolicy & { readonly maxCost: number };
  readonly routeHealth: CircuitPolicy;
  readonly worker: WorkerSettings;
  readonly deadlines: Readonly<Record<Kind, number>>;
  readonly log: { readonly level: LogLevel };
  /** Null: /metrics has no address of its own. */
  readonly metrics: { readonly listen: Listen | null };
  /** `otlp`: the collector's base URL; null: the environment decides. */
  readonly telemetry: { readonly otlp: string | null; readonly sample: number };
}

/** What prices of a model are held against. */
export interface KnownModel {
  readonly kind: Kind;
  /** The inputs that a price can depend on; absent: whatever it takes. */
  readonly pricedBy?: readonly string[];
}

/** What the rest of the program brings: configuration knows no dialect and no provider by itself. */
export interface ConfigDefaults {
  readonly dialects: Readonly<Record<string, DialectSettings>>;
  /** By `<dialect>/<wire id>`, every model that can be configured. */
  readonly knownModels: ReadonlyMap<string, KnownModel>;
  /** The types of providers, each with the schema of its settings beside `type`. */
  readonly providerTypes: ReadonlyMap<string, TObject>;
  /** Dialects that take several host names, and which: `{llmtune: ['api', 'dashboard']}`. Absent: none is checked. */
  readonly hostParts?: Readonly<Record<string, readonly string[]>>;
  /** The emulator waits less between attempts, so that a rehearsed failure is quick. */
  readonly emulator: boolean;
}

/** The provider that needs no account; it exists without being configured. */
export const SANDBOX = 'sandbox';
