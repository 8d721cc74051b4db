import type { Attempt, Generation, Mode, Progress } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { Account, AccountPatch, ApiKey, Balance, KeyPatch, KeyWithAccount } from './accounts.ts';
import type { AdmitCommand, AdmitResult, IdempotencyClaim, IdempotencyRecord } from './admission.ts';
import type { Asset } from './assets.ts';
import type { AuditEntry, AuditFilter } from './audit.ts';
import type { Backlog } from './backlog.ts';
import type { StoreEvent } from './events.ts';
import type { PendingTopUp, ReconcileReport, TopUpCommand, TopUpResult, Transfer } from './ledger.ts';
import type {
  GenerationFilter,
  Latencies,
  ModelUsage,
  NumberedFilter,
  NumberedPage,
  Page,
  UsageFilter,
} from './lists.ts';
import type { ModelChanges } from './model-changes.ts';
import type { ModelOverride, ModelPatch, PublishedModel } from './models.ts';
import type { Delivery, DeliveryResult, EndpointPatch, WebhookEndpoint } from './webhooks.ts';
import type {
  BeginAttempt,
  ClaimCommand,
  ClaimedGeneration,
  FlaggedAttempt,
  FlaggedOutcome,
  Lease,
  PostponeCommand,
  ResolveAttempt,
  SettleCommand,
  SettleResult,
} from './work.ts';

/**
 * What the gateway needs of durable storage. Every write is one atomic operation that is durable when its promise
 * resolves; none is split over two calls. Times are milliseconds since 1970 and always given by the caller, so that a
 * store has no clock of its own. Unknown ids read as undefined. Lists are keyset-paged: a cursor is opaque, `null` is the
 * end. A store that cannot be reached rejects with GenlockError `storage_unavailable`.
 */
export interface Store {
  createAccount(account: Account): Promise<void>;
  account(id: string): Promise<Account | undefined>;
  updateAccount(id: string, patch: AccountPatch): Promise<Account | undefined>;
  balance(accountId: string): Promise<Balance | undefined>;

  createKey(key: ApiKey, sha256: string): Promise<void>;
  key(id: string): Promise<ApiKey | undefined>;
  /**
   * The hot path of every request, and so plain where the answer is at hand: an await costs more than a look into a cache. A change by
   * {@link updateKey} or {@link updateAccount} holds from the next call on.
   */
  keyByHash(sha256: string): KeyWithAccount | undefined | Promise<KeyWithAccount | undefined>;
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
  /** @param lostCalls how many calls were lost beside those that the id stands for */
  noteUpstreamId(lease: Lease, n: number, upstreamId: string, lostCalls?: number): Promise<boolean>;
  postpone(command: PostponeCommand): Promise<boolean>;
  /**
   * Ends a generation: outcome, assets, capture or release, freed slots, deliveries. At most once. An attempt that is still under way
   * when it is ended from outside becomes `abandoned`.
   */
  settle(command: SettleCommand): Promise<SettleResult>;

  /** Progress of a long one, for who looks or listens; not durable to the last word, and dropped with a lost lease. */
  noteProgress(lease: Lease, progress: Progress): Promise<boolean>;

  generation(id: string): Promise<Generation | undefined>;
  generations(filter: GenerationFilter, limit: number, cursor?: string): Promise<Page<Generation>>;
  generationsByNumber(filter: NumberedFilter): Promise<NumberedPage<Generation>>;
  /** Marks an ended generation as deleted and removes its assets; the blobs that they had. Undefined: it has not ended. */
  deleteGeneration(id: string, now: number): Promise<readonly string[] | undefined>;
  usage(
    filter: UsageFilter,
  ): Promise<{ readonly models: readonly ModelUsage[]; readonly latencies: Latencies }>;
  attempts(generationId: string): Promise<readonly Attempt[]>;
  /** Newest first, of all accounts. */
  flaggedAttempts(outcome: FlaggedOutcome, limit: number, cursor?: string): Promise<Page<FlaggedAttempt>>;
  /** False when the attempt is neither `abandoned` nor `outcome_unknown`. */
  resolveAttempt(command: ResolveAttempt): Promise<boolean>;
  assetsOf(generationId: string): Promise<readonly Asset[]>;
  /** The same of a page of generations in one read, in the order of each; who has none is not in it. */
  assetsOfMany(generationIds: readonly string[]): Promise<ReadonlyMap<string, readonly Asset[]>>;
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
  /** Credits it once; again: no second credit. A test-mode top-up is paid without a transfer. `credited`: what this call added. */
  confirmTopUp(
    id: string,
    now: number,
  ): Promise<{ readonly topUp: PendingTopUp; readonly credited: Micros } | undefined>;
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
  updateEndpoint(id: string, patch: EndpointPatch): Promise<WebhookEndpoint | undefined>;
  /** Its deliveries stay in the log; pending ones fail. */
  deleteEndpoint(id: string): Promise<boolean>;
  /** Newest first. */
  deliveriesOf(endpointId: string, limit: number, cursor?: string): Promise<Page<Delivery>>;
  /** The account's secret for a dialect and mode; `makeSealed` is stored when there is none yet. */
  webhookSecret(accountId: string, dialect: string, mode: Mode, makeSealed: string): Promise<string>;
  replaceWebhookSecret(accountId: string, dialect: string, mode: Mode, sealed: string): Promise<void>;

  modelOverrides(): Promise<readonly ModelOverride[]>;
  /** Merges changes into the override of one model, of which null takes all back. The override as it then is. */
  changeModelOverride(dialect: string, model: string, changes: ModelChanges | null): Promise<ModelPatch>;

  publishedModel(dialect: string, id: string): Promise<PublishedModel | undefined>;
  publishedModels(accountId: string, dialect: string): Promise<readonly PublishedModel[]>;

  /** Kept for good: nothing changes or removes it. */
  recordAudit(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  /** Newest first. */
  auditEntries(filter: AuditFilter, limit: number, cursor?: string): Promise<Page<AuditEntry>>;

  /** When the next one is due, for a worker that has nothing to do; null when nothing waits. */
  nextDue(what: 'generations' | 'deliveries'): Promise<number | null>;
  /** For measurements: each count, and the sum of holds with it, stops at `most`. */
  backlog(most: number): Promise<Backlog>;
  subscribe(listener: (event: StoreEvent) => void): () => void;
  close(): Promise<void>;
}
