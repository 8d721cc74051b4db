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

/** Limits that count calls, which the limiter does. The other limits are counted in the store. */
export const CALL_LIMITS = [
  'requests_per_minute',
  'reads_per_minute',
  'video_requests_per_minute',
] as const satisfies readonly LimitName[];

export const CANCELED_SPELLINGS = ['cancelled', 'canceled'] as const;
export type CanceledSpelling = (typeof CANCELED_SPELLINGS)[number];

/** The settings of one dialect. The dialect brings the defaults, because they come from its contract. */
export interface DialectSettings {
  /** How long produced and uploaded files are kept. */
  readonly assetTtlMs: number;
  readonly limits: Limits;
  /** By limit: what happens to calls while the limiter cannot be reached. Absent: as {@link Config.limits} says. */
  readonly whenUnreachable?: Readonly<Record<string, WhenUnreachable>>;
  /** The value of one credit of the dialect. */
  readonly creditUsd: Micros;
  readonly webhook: {
    readonly timeoutMs: number;
    /** Attempts after the first one. */
    readonly retries: number;
    readonly intervalMs: number;
    readonly timestampHeader?: string;
    readonly signatureHeader?: string;
  };
  readonly upload: { readonly maxBytes: number; readonly maxPixels: number };
  readonly packs: readonly { readonly id: string; readonly usd: Micros }[];
  /** How a cancellation is spelled, if the contract allows two spellings. */
  readonly canceledAs?: CanceledSpelling;
  /** The host name at whose root the dialect is served; for a dialect with several, that of its first part. */
  readonly host: string | null;
}

/** The file's settings of a model. Absent fields come from the dialect's model table; the operator's patches override both. */
export interface ModelSettings extends ModelPatch {
  readonly price?: Price;
  readonly deadlineMs?: number;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The dialect, and the part of it (`api`, `dashboard`), that a host name stands for. */
export interface HostTarget {
  readonly dialect: string;
  readonly part?: string;
}

export interface ProviderSettings {
  readonly type: string;
  readonly settings: JsonObject;
}

export interface WorkerSettings {
  /** The most generations that work at once. */
  readonly concurrency: number;
  /** The most generations under way, including those that only wait. */
  readonly followed: number;
  /** The share of both that one account, and all test-mode work, may have at most. */
  readonly accountShare: number;
  readonly testShare: number;
  readonly leaseMs: number;
}

/** The whole configuration: immutable, with every default filled in. Amounts are in micro-dollars, times in milliseconds. */
export interface Config {
  readonly dialects: Readonly<Record<string, DialectSettings>>;
  /** By lower-case host name, without a port. */
  readonly hosts: ReadonlyMap<string, HostTarget>;
  /** By `<dialect>/<wire id>`; wire ids may contain slashes. */
  readonly models: ReadonlyMap<string, ModelSettings>;
  /** Always contains `sandbox`. Has no prototype, so that a name from outside can be looked up safely. */
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  readonly moderation: { readonly words: readonly string[]; readonly patterns: readonly RegExp[] };
  /** Networks, in CIDR form, that outbound calls may reach besides public ones. */
  readonly outbound: { readonly allow: readonly string[] };
  /** Networks, in CIDR form, whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  readonly limits: { readonly whenUnreachable: WhenUnreachable };
  /** `maxCost`: the most that a call may cost, in thousandths of what its caller was quoted. */
  readonly retries: RetryPolicy & { readonly maxCost: number };
  readonly routeHealth: CircuitPolicy;
  readonly worker: WorkerSettings;
  readonly deadlines: Readonly<Record<Kind, number>>;
  readonly log: { readonly level: LogLevel };
  /** null: /metrics has no address of its own. */
  readonly metrics: { readonly listen: Listen | null };
  /** `otlp`: the collector's base URL; null: environment variables decide. */
  readonly telemetry: { readonly otlp: string | null; readonly sample: number };
}

/** The facts about a model that its prices are checked against. */
export interface KnownModel {
  readonly kind: Kind;
  /** The inputs that a price may depend on; absent: any input of the model. */
  readonly pricedBy?: readonly string[];
}

/** What the rest of the program contributes: the configuration itself knows no dialects and no providers. */
export interface ConfigDefaults {
  readonly dialects: Readonly<Record<string, DialectSettings>>;
  /** Every model that can be configured, by `<dialect>/<wire id>`. */
  readonly knownModels: ReadonlyMap<string, KnownModel>;
  /** The provider types, each with the schema of its settings (without `type`). */
  readonly providerTypes: ReadonlyMap<string, TObject>;
  /**
   * Dialects with several host names, and the parts that these are for: `{llmtune: ['api', 'dashboard']}`. Absent: parts are not checked.
   */
  readonly hostParts?: Readonly<Record<string, readonly string[]>>;
  /** In the emulator the waits between attempts are shorter, so that a rehearsed failure ends quickly. */
  readonly emulator: boolean;
}

/** The provider that needs no account and exists without being configured. */
export const SANDBOX = 'sandbox';
