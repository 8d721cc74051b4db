import type { Bucket, Funds } from '../domain/funds.ts';
import type {
  Attempt,
  AttemptOutcome,
  Generation,
  GenerationFailure,
  Json,
  JsonObject,
  Mode,
  Status,
} from '../domain/generation.ts';
import type { Micros } from '../domain/money.ts';

/*
 * What the gateway needs of durable storage. Every write is one atomic operation that is durable when its promise
 * resolves; none is split over two calls. Times are milliseconds since 1970 and always given by the caller, so that a
 * store has no clock of its own. Unknown ids read as undefined. Lists are keyset-paged: a cursor is opaque, `null` is the
 * end. A store that cannot be reached rejects with GenlockError `storage_unavailable`.
 */

// Accounts and keys

export const PLANS = ['free', 'starter', 'pro', 'enterprise'] as const;
export type Plan = (typeof PLANS)[number];
export type AccountStatus = 'active' | 'paused';
export type KeyStatus = 'active' | 'paused' | 'revoked';

export const LIMIT_NAMES = [
  'requests_per_minute',
  'reads_per_minute',
  'video_requests_per_minute',
  'concurrent',
  'unfinished_jobs',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];
export type Limits = { readonly [name in LimitName]?: number };

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly status: AccountStatus;
  readonly limits: Limits;
  readonly createdAt: number;
}

export interface Balance {
  /** Money of the account, held or not. */
  readonly funds: Funds;
  readonly held: Funds;
}

/** An API key without its secret: only the SHA-256 of that is stored. */
export interface ApiKey {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly name: string;
  /** The first characters, to recognise it by in a list. */
  readonly prefix: string;
  readonly status: KeyStatus;
  readonly allowedOrigins: readonly string[];
  readonly allowedIps: readonly string[];
  readonly limits: Limits;
  readonly createdAt: number;
}

export interface KeyWithAccount {
  readonly key: ApiKey;
  readonly account: Account;
}

export type AccountPatch = { readonly [field in 'name' | 'plan' | 'status' | 'limits']?: Account[field] };
export type KeyPatch = {
  readonly [field in 'name' | 'status' | 'allowedOrigins' | 'allowedIps' | 'limits']?: ApiKey[field];
};

// Assets

export interface Asset {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  /** The generation that produced it; null for an upload. */
  readonly generationId: string | null;
  /** Position among the outputs of its generation, from 0. */
  readonly index: number;
  readonly contentType: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly durationSeconds: number | null;
  readonly fps: number | null;
  readonly hasSound: boolean | null;
  /** Lower-case hex; the strong ETag. */
  readonly sha256: string;
  /** Where the bytes are in the blob store. */
  readonly blob: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

// Webhooks

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** A webhook to be sent, written in the same operation as what it tells of. */
export interface NewDelivery {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly generationId: string | null;
  /** The endpoint that the operator set up; null when the caller named the URL with the job. */
  readonly endpointId: string | null;
  readonly event: string;
  readonly url: string;
  /** The exact bytes that every attempt sends (UTF-8). */
  readonly body: string;
  readonly createdAt: number;
}

export interface DeliveryAttempt {
  readonly at: number;
  /** HTTP status of the receiver, or null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface Delivery extends NewDelivery {
  readonly status: DeliveryStatus;
  readonly attempts: readonly DeliveryAttempt[];
  readonly nextAttemptAt: number | null;
}

export interface DeliveryResult {
  readonly id: string;
  readonly worker: string;
  readonly attempt: DeliveryAttempt;
  readonly status: DeliveryStatus;
  /** Set when status is `pending`. */
  readonly nextAttemptAt: number | null;
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly url: string;
  /** Empty: all events. */
  readonly events: readonly string[];
  /** Sealed with GENLOCK_SECRET. */
  readonly sealedSecret: string;
  readonly status: 'active' | 'disabled';
  readonly createdAt: number;
}

// Admission

/** A named counter of unfinished generations, and how many it may hold: `{slot: 'key:key_01…', max: 50}`. */
export interface SlotClaim {
  readonly slot: string;
  readonly max: number;
  /** What to tell the caller when it is full. */
  readonly refusal: 'queue_full' | 'concurrency_limited';
}

export interface IdempotencyClaim {
  /** SHA-256 hex over scope and key: the key itself is never stored. */
  readonly digest: string;
  /** SHA-256 hex over the canonical request body. */
  readonly fingerprint: string;
  /** null: as long as the object lives that it made. */
  readonly expiresAt: number | null;
}

/** What an idempotency key made: look-up and claim answer with it. */
export interface IdempotencyRecord {
  readonly fingerprint: string;
  readonly targetId: string;
}

/** A generation as it is admitted: queued, nothing charged, nothing begun. */
export type NewGeneration = Omit<
  Generation,
  'status' | 'charged' | 'failure' | 'startedAt' | 'finishedAt' | 'updatedAt'
>;

export interface AdmitCommand {
  /** `quote` is held; 0 holds nothing and writes no transfer. */
  readonly generation: NewGeneration;
  readonly slots: readonly SlotClaim[];
  readonly idempotency?: IdempotencyClaim;
  readonly deliveries: readonly NewDelivery[];
}

/** In the order in which they are found out. Only `admitted` leaves a trace. */
export type AdmitResult =
  | { readonly kind: 'replayed'; readonly targetId: string }
  | { readonly kind: 'idempotency_conflict' }
  | { readonly kind: 'slots_full'; readonly refusal: SlotClaim['refusal'] }
  | { readonly kind: 'insufficient_credits' }
  | { readonly kind: 'admitted' };

// Work

export interface ClaimCommand {
  readonly worker: string;
  readonly limit: number;
  readonly now: number;
  /** The claim holds until then, unless renewed; after it anyone may claim. */
  readonly leaseUntil: number;
}

export interface ClaimedGeneration {
  readonly generation: Generation;
  readonly attempts: readonly Attempt[];
  /** True when this claim moved it from queued to running. */
  readonly started: boolean;
}

/** Names a generation that this worker has under lease. Writes with a lost lease change nothing. */
export interface Lease {
  readonly generationId: string;
  readonly worker: string;
}

export interface BeginAttempt extends Lease {
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly now: number;
}

export interface EndAttempt {
  readonly n: number;
  readonly outcome: AttemptOutcome;
  readonly error: Attempt['error'];
}

/** Gives the lease back so that the generation is claimed again at `dueAt`. It stays `running`. */
export interface PostponeCommand extends Lease {
  readonly now: number;
  readonly dueAt: number;
  readonly attempt?: EndAttempt;
}

export type SettleOutcome =
  | { readonly status: 'succeeded'; readonly charge: Micros; readonly assets: readonly Asset[] }
  | { readonly status: 'failed'; readonly failure: GenerationFailure }
  | { readonly status: 'canceled' };

export interface SettleCommand {
  readonly generationId: string;
  /** The lease holder; undefined where the operator or the caller ends it from outside. */
  readonly worker?: string;
  /** End it only while it has this status (Kiara cancels queued jobs only). */
  readonly onlyIf?: Status;
  readonly now: number;
  readonly outcome: SettleOutcome;
  readonly attempt?: EndAttempt;
  readonly deliveries: readonly NewDelivery[];
}

/** `refused`: it had ended already, the lease was lost, or `onlyIf` did not hold; nothing was changed. */
export type SettleResult =
  | { readonly kind: 'settled' }
  | { readonly kind: 'refused'; readonly status: Status };

// Ledger

export const TRANSFER_TYPES = ['top_up', 'hold', 'capture', 'release', 'refund', 'adjustment'] as const;
export type TransferType = (typeof TRANSFER_TYPES)[number];

export interface Transfer {
  readonly id: string;
  readonly accountId: string;
  readonly type: TransferType;
  /** Always positive parts; the type says which way. */
  readonly funds: Funds;
  readonly generationId: string | null;
  readonly reference: string | null;
  readonly at: number;
}

export interface TopUpCommand {
  readonly accountId: string;
  readonly amount: Micros;
  readonly bucket: Bucket;
  /** The same reference credits an account once. */
  readonly reference: string | null;
  readonly now: number;
}

export type TopUpResult =
  | { readonly kind: 'credited' | 'repeated'; readonly transfer: Transfer }
  | { readonly kind: 'reference_conflict' }
  | { readonly kind: 'account_unknown' };

/** A purchase that waits for its payment. */
export interface PendingTopUp {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly status: 'pending' | 'paid' | 'expired';
  readonly pack: string;
  readonly amount: Micros;
  /** What else the dialect shows of it. */
  readonly details: JsonObject;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly paidAt: number | null;
}

export interface ReconcileReport {
  readonly accounts: number;
  readonly openHolds: number;
  /** Sum of absolute differences between stored balances and the re-added ledger. */
  readonly drift: Micros;
  /** Each finding in words: what differs, where. Empty when all is well. */
  readonly findings: readonly string[];
}

// Lists

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface GenerationFilter {
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly status?: Status;
  readonly model?: string;
}

// Model overrides that the operator made at run time

export type RouteRef = { readonly provider: string; readonly model: string };

export interface ModelPatch {
  readonly status?: 'active' | 'paused' | 'inactive';
  readonly billable?: boolean;
  readonly routes?: readonly RouteRef[];
  readonly inputField?: string | null;
  readonly enterpriseOnly?: readonly string[];
  readonly exclusive?: readonly (readonly [string, string])[];
}

export interface ModelOverride {
  readonly dialect: string;
  readonly model: string;
  readonly patch: ModelPatch;
}

// Notification

/**
 * Something that a waiter may wait for. `changed` tells the new status of a generation; `work` that something may be due
 * (a generation or a delivery); `unknown` that another process wrote and waiters should look again.
 */
export type StoreEvent =
  | { readonly kind: 'changed'; readonly generationId: string; readonly status: Status }
  | { readonly kind: 'work' }
  | { readonly kind: 'unknown' };

export interface Store {
  createAccount(account: Account): Promise<void>;
  account(id: string): Promise<Account | undefined>;
  updateAccount(id: string, patch: AccountPatch): Promise<Account | undefined>;
  balance(accountId: string): Promise<Balance | undefined>;

  createKey(key: ApiKey, sha256: string): Promise<void>;
  key(id: string): Promise<ApiKey | undefined>;
  /** The hot path of every request. A change by {@link updateKey} or {@link updateAccount} holds from the next call on. */
  keyByHash(sha256: string): Promise<KeyWithAccount | undefined>;
  updateKey(id: string, patch: KeyPatch): Promise<ApiKey | undefined>;

  /** Idempotency, slots, credits, insert: one atomic decision. */
  admit(command: AdmitCommand): Promise<AdmitResult>;
  /** The same decision on what is committed now, without taking anything; `admitted` means that it would be. */
  rehearseAdmit(command: Omit<AdmitCommand, 'deliveries'>): Promise<AdmitResult>;
  /** `now` decides whether a record has expired. */
  idempotencyRecord(digest: string, now: number): Promise<IdempotencyRecord | undefined>;

  /** Takes what is due, oldest first: queued generations, postponed ones, and ones whose lease ran out. */
  claim(command: ClaimCommand): Promise<readonly ClaimedGeneration[]>;
  /** Extends every lease of the worker. */
  renewLeases(worker: string, leaseUntil: number): Promise<void>;
  /** Gives every lease of the worker back at once (drain). */
  releaseLeases(worker: string, now: number): Promise<void>;
  /** False when the lease is lost: stop. */
  beginAttempt(command: BeginAttempt): Promise<boolean>;
  noteUpstreamId(lease: Lease, n: number, upstreamId: string): Promise<boolean>;
  postpone(command: PostponeCommand): Promise<boolean>;
  /** Ends a generation: outcome, assets, capture or release, freed slots, deliveries. At most once. */
  settle(command: SettleCommand): Promise<SettleResult>;

  generation(id: string): Promise<Generation | undefined>;
  generations(filter: GenerationFilter, limit: number, cursor?: string): Promise<Page<Generation>>;
  attempts(generationId: string): Promise<readonly Attempt[]>;
  assetsOf(generationId: string): Promise<readonly Asset[]>;
  transfersOf(generationId: string): Promise<readonly Transfer[]>;

  createAsset(asset: Asset): Promise<void>;
  asset(id: string): Promise<Asset | undefined>;
  /** Removes the rows of expired assets and tells which blobs they had. */
  removeExpiredAssets(now: number, limit: number): Promise<readonly string[]>;
  /** Which of these blobs some asset still names (sweep of orphans). */
  knownBlobs(blobs: readonly string[]): Promise<readonly string[]>;

  topUp(command: TopUpCommand): Promise<TopUpResult>;
  ledger(accountId: string, limit: number, cursor?: string): Promise<Page<Transfer>>;
  /** Idempotent like admission: `replayed` names the earlier one. */
  createPendingTopUp(
    topUp: PendingTopUp,
    idempotency?: IdempotencyClaim,
  ): Promise<
    | { readonly kind: 'created' }
    | { readonly kind: 'replayed'; readonly targetId: string }
    | { readonly kind: 'idempotency_conflict' }
  >;
  /** Reads `expired` once its time is over. */
  pendingTopUp(id: string, now: number): Promise<PendingTopUp | undefined>;
  /** Credits it once; again: no second credit. A test-mode top-up is paid without a transfer. */
  confirmTopUp(id: string, now: number): Promise<PendingTopUp | undefined>;
  reconcile(): Promise<ReconcileReport>;

  claimDeliveries(command: ClaimCommand): Promise<readonly Delivery[]>;
  recordDelivery(result: DeliveryResult): Promise<boolean>;
  deliveries(generationId: string): Promise<readonly Delivery[]>;
  delivery(id: string): Promise<Delivery | undefined>;
  /** Makes it pending again, due now, with the attempts so far kept in the log. */
  redeliver(id: string, now: number): Promise<Delivery | undefined>;
  createEndpoint(endpoint: WebhookEndpoint): Promise<void>;
  endpoint(id: string): Promise<WebhookEndpoint | undefined>;
  endpoints(accountId: string, dialect: string): Promise<readonly WebhookEndpoint[]>;
  /** The account's secret for a dialect and mode; `makeSealed` is stored when there is none yet. */
  webhookSecret(accountId: string, dialect: string, mode: Mode, makeSealed: string): Promise<string>;
  replaceWebhookSecret(accountId: string, dialect: string, mode: Mode, sealed: string): Promise<void>;

  modelOverrides(): Promise<readonly ModelOverride[]>;
  /** Replaces the override of one model; an empty patch removes it. */
  saveModelOverride(override: ModelOverride): Promise<void>;

  recordAudit(entry: {
    readonly at: number;
    readonly action: string;
    readonly target: string;
    readonly detail: Json;
  }): Promise<void>;

  /** When the next generation or delivery is due, for a worker that has nothing to do; null when nothing waits. */
  nextDue(): Promise<number | null>;
  subscribe(listener: (event: StoreEvent) => void): () => void;
  close(): Promise<void>;
}
