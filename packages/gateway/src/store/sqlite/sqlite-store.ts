import type { Mode, Progress, Status } from '../../domain/generation.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type {
  Account,
  AccountPatch,
  AdmitCommand,
  AdmitResult,
  ApiKey,
  Asset,
  AuditFilter,
  BeginAttempt,
  ClaimCommand,
  ClaimedGeneration,
  DeliveryResult,
  EndpointPatch,
  FlaggedOutcome,
  GenerationFilter,
  IdempotencyClaim,
  KeyPatch,
  Lease,
  ModelChanges,
  ModelPatch,
  NumberedFilter,
  PendingTopUp,
  PostponeCommand,
  ReconcileReport,
  ResolveAttempt,
  SettleCommand,
  SettleResult,
  Store,
  StoreEvent,
  TopUpCommand,
  UsageFilter,
  WebhookEndpoint,
} from '../port.ts';
import { Connection } from './connection.ts';
import { toGenlockError, unavailable } from './errors.ts';
import { KeyCache } from './key-cache.ts';
import { Notices } from './notices.ts';
import { accessRevision } from './operations/access-revision.ts';
import { prepareAdmit, rehearseAdmit } from './operations/admit.ts';
import { findIdempotency } from './operations/idempotency.ts';
import type { CommandOf } from './operations/index.ts';
import { accountFunds } from './operations/ledger.ts';
import { findWebhookSecret } from './operations/webhook-secret.ts';
import * as accounts from './reads/accounts.ts';
import * as assets from './reads/assets.ts';
import * as attempts from './reads/attempts.ts';
import { auditEntries } from './reads/audit.ts';
import { backlog } from './reads/backlog.ts';
import * as generations from './reads/generations.ts';
import * as ledger from './reads/ledger.ts';
import * as lists from './reads/lists.ts';
import * as models from './reads/models.ts';
import * as webhooks from './reads/webhooks.ts';
import { Reporter } from './reporter.ts';
import { toAttempt } from './rows/attempts.ts';
import { toGeneration } from './rows/generations.ts';
import { Writer } from './writer.ts';

export interface SqliteOptions {
  /** The database file; made when it is not there. Its folder must exist. */
  readonly path: string;
  /** For the record of migrations; all other times come with the commands. */
  readonly now?: () => number;
  /** How long a write waits for another process's write. Default 5 s. */
  readonly busyTimeoutMs?: number;
  /** The file grows no further than this; then writes are refused as on a full disk. */
  readonly maxBytes?: number;
  readonly metrics?: Metrics;
}

/**
 * The embedded store: one file, one thread that writes, one connection that reads. Several processes may share the file.
 *
 * @throws GenlockError `storage_unavailable` when the file cannot be opened, or belongs to a newer program.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const busyTimeoutMs = options.busyTimeoutMs ?? 5_000;
  const notices = new Notices((present) => writer.watch(present));
  const writer = await Writer.open(
    {
      path: options.path,
      openedAt: (options.now ?? Date.now)(),
      busyTimeoutMs,
      maxBytes: options.maxBytes,
    },
    () => notices.emit({ kind: 'unknown' }),
    undefined,
    options.metrics,
  );
  try {
    const reader = new Connection({ path: options.path, readOnly: true, busyTimeoutMs });
    return new SqliteStore(options.path, writer, reader, notices);
  } catch (error) {
    await writer.close();
    throw toGenlockError(error);
  }
}

/** Puts together what the folders beside it hold: `operations/` go to the writer, `reads/` to the connection here. */
class SqliteStore implements Store {
  readonly #customerReports: Reporter;
  /** Apart, so that no customer waits behind a reconcile. */
  readonly #operatorReports: Reporter;
  readonly #writer: Writer;
  readonly #reader: Connection;
  readonly #notices: Notices;
  readonly #keys: KeyCache;
  #closed = false;

  constructor(path: string, writer: Writer, reader: Connection, notices: Notices) {
    this.#customerReports = new Reporter(path);
    this.#operatorReports = new Reporter(path);
    this.#writer = writer;
    this.#reader = reader;
    this.#notices = notices;
    this.#keys = new KeyCache(() => accessRevision(reader));
  }

  // Accounts and keys

  createAccount(account: Account): Promise<void> {
    return this.#writer.run('createAccount', account);
  }

  account(id: string) {
    return this.#read((db) => accounts.account(db, id));
  }

  async updateAccount(id: string, patch: AccountPatch) {
    try {
      return await this.#writer.run('updateAccount', { id, patch });
    } finally {
      this.#keys.clear();
    }
  }

  balance(accountId: string) {
    return this.#read((db) => accountFunds(db, accountId));
  }

  createKey(key: ApiKey, sha256: string): Promise<void> {
    return this.#writer.run('createKey', { key, sha256 });
  }

  key(id: string) {
    return this.#read((db) => accounts.key(db, id));
  }

  keyByHash(sha256: string) {
    return this.#readNow((db) => this.#keys.get(sha256, () => accounts.keyByHash(db, sha256)));
  }

  async updateKey(id: string, patch: KeyPatch) {
    try {
      return await this.#writer.run('updateKey', { id, patch });
    } finally {
      this.#keys.clear();
    }
  }

  // Admission

  async admit(command: AdmitCommand): Promise<AdmitResult> {
    const result = await this.#writer.run('admit', prepareAdmit(command));
    // What runs inline is nobody else's work.
    if (result.kind === 'admitted' && (command.start === undefined || command.deliveries.length > 0))
      this.#notices.emit({ kind: 'work' });
    return result;
  }

  rehearseAdmit(command: Omit<AdmitCommand, 'deliveries'>) {
    return this.#read((db) => rehearseAdmit(db, command));
  }

  idempotencyRecord(digest: string, now: number) {
    return this.#read((db) => findIdempotency(db, digest, now));
  }

  // Work

  async claim(command: ClaimCommand): Promise<readonly ClaimedGeneration[]> {
    const claimed = await this.#writer.run('claim', command);
    for (const { generation, started } of claimed)
      if (started) this.#changed(generation.id, generation.status);
    return claimed.map(({ generation, attempts, started }) => ({
      generation: toGeneration(generation),
      attempts: attempts.map(toAttempt),
      started,
    }));
  }

  renewLeases(worker: string, leaseUntil: number): Promise<void> {
    return this.#writer.run('renewLeases', { worker, leaseUntil });
  }

  async releaseLeases(worker: string, now: number): Promise<void> {
    await this.#writer.run('releaseLeases', { worker, now });
    this.#notices.emit({ kind: 'work' });
  }

  async beginAttempt(command: BeginAttempt): Promise<boolean> {
    const begun = await this.#writer.run('beginAttempt', command);
    if (begun && (command.deliveries?.length ?? 0) > 0) this.#notices.emit({ kind: 'work' });
    return begun;
  }

  noteUpstreamId(lease: Lease, n: number, upstreamId: string, lostCalls = 0): Promise<boolean> {
    return this.#writer.run('noteUpstreamId', { lease, n, upstreamId, lostCalls });
  }

  async postpone(command: PostponeCommand): Promise<boolean> {
    const postponed = await this.#writer.run('postpone', command);
    if (postponed) this.#notices.emit({ kind: 'work' });
    return postponed;
  }

  async settle(command: SettleCommand): Promise<SettleResult> {
    const result = await this.#writer.run('settle', command);
    if (result.kind === 'settled') {
      this.#changed(command.generationId, command.outcome.status);
      if (command.deliveries.length > 0) this.#notices.emit({ kind: 'work' });
    }
    return result;
  }

  async noteProgress(lease: Lease, progress: Progress): Promise<boolean> {
    const noted = await this.#writer.run('noteProgress', { lease, progress });
    if (noted) this.#changed(lease.generationId, 'running');
    return noted;
  }

  generation(id: string) {
    return this.#read((db) => generations.generation(db, id));
  }

  generations(filter: GenerationFilter, limit: number, cursor?: string) {
    return this.#read((db) => lists.generations(db, filter, limit, cursor));
  }

  generationsByNumber(filter: NumberedFilter) {
    return this.#customerReports.run('generationsByNumber', filter);
  }

  deleteGeneration(id: string, now: number) {
    return this.#writer.run('deleteGeneration', { id, now });
  }

  usage(filter: UsageFilter) {
    return this.#customerReports.run('usage', filter);
  }

  attempts(generationId: string) {
    return this.#read((db) => generations.attempts(db, generationId));
  }

  flaggedAttempts(outcome: FlaggedOutcome, limit: number, cursor?: string) {
    return this.#read((db) => attempts.flaggedAttempts(db, outcome, limit, cursor));
  }

  resolveAttempt(command: ResolveAttempt): Promise<boolean> {
    return this.#writer.run('resolveAttempt', command);
  }

  assetsOf(generationId: string) {
    return this.#read((db) => assets.assetsOf(db, generationId));
  }

  assetsOfMany(generationIds: readonly string[]) {
    return this.#read((db) => assets.assetsOfMany(db, generationIds));
  }

  transfersOf(generationId: string) {
    return this.#read((db) => ledger.transfersOf(db, generationId));
  }

  // Assets

  createAsset(asset: Asset): Promise<void> {
    return this.#writer.run('createAsset', asset);
  }

  asset(id: string) {
    return this.#read((db) => assets.asset(db, id));
  }

  removeExpiredAssets(now: number, limit: number) {
    return this.#writer.run('removeExpiredAssets', { now, limit });
  }

  knownBlobs(blobs: readonly string[]) {
    return this.#read((db) => assets.knownBlobs(db, blobs));
  }

  // Ledger

  topUp(command: TopUpCommand) {
    return this.#writer.run('topUp', command);
  }

  ledger(accountId: string, limit: number, cursor?: string) {
    return this.#read((db) => ledger.ledger(db, accountId, limit, cursor));
  }

  createPendingTopUp(topUp: PendingTopUp, idempotency?: IdempotencyClaim) {
    return this.#writer.run('createPendingTopUp', { topUp, idempotency });
  }

  pendingTopUp(id: string, now: number) {
    return this.#read((db) => ledger.pendingTopUp(db, id, now));
  }

  confirmTopUp(id: string, now: number) {
    return this.#writer.run('confirmTopUp', { id, now });
  }

  reconcile(): Promise<ReconcileReport> {
    return this.#operatorReports.run('reconcile', undefined);
  }

  // Webhooks

  claimDeliveries(command: ClaimCommand) {
    return this.#writer.run('claimDeliveries', command);
  }

  async recordDelivery(result: DeliveryResult): Promise<boolean> {
    const recorded = await this.#writer.run('recordDelivery', result);
    if (recorded && result.status === 'pending') this.#notices.emit({ kind: 'work' });
    return recorded;
  }

  deliveries(generationId: string) {
    return this.#read((db) => webhooks.deliveries(db, generationId));
  }

  delivery(id: string) {
    return this.#read((db) => webhooks.delivery(db, id));
  }

  async redeliver(id: string, now: number) {
    const delivery = await this.#writer.run('redeliver', { id, now });
    if (delivery !== undefined) this.#notices.emit({ kind: 'work' });
    return delivery;
  }

  createEndpoint(endpoint: WebhookEndpoint): Promise<void> {
    return this.#writer.run('createEndpoint', endpoint);
  }

  endpoint(id: string) {
    return this.#read((db) => webhooks.endpoint(db, id));
  }

  endpoints(accountId: string, dialect: string) {
    return this.#read((db) => webhooks.endpoints(db, accountId, dialect));
  }

  updateEndpoint(id: string, patch: EndpointPatch) {
    return this.#writer.run('updateEndpoint', { id, patch });
  }

  deleteEndpoint(id: string): Promise<boolean> {
    return this.#writer.run('deleteEndpoint', id);
  }

  deliveriesOf(endpointId: string, limit: number, cursor?: string) {
    return this.#read((db) => webhooks.deliveriesOf(db, endpointId, limit, cursor));
  }

  async webhookSecret(accountId: string, dialect: string, mode: Mode, makeSealed: string): Promise<string> {
    const known = await this.#read((db) => findWebhookSecret(db, accountId, dialect, mode));
    return known ?? this.#writer.run('webhookSecret', { accountId, dialect, mode, sealed: makeSealed });
  }

  replaceWebhookSecret(accountId: string, dialect: string, mode: Mode, sealed: string): Promise<void> {
    return this.#writer.run('replaceWebhookSecret', { accountId, dialect, mode, sealed });
  }

  // Models and audit

  modelOverrides() {
    return this.#read((db) => models.modelOverrides(db));
  }

  changeModelOverride(dialect: string, model: string, changes: ModelChanges | null): Promise<ModelPatch> {
    return this.#writer.run('changeModelOverride', { dialect, model, changes });
  }

  publishedModel(dialect: string, id: string) {
    return this.#read((db) => models.publishedModel(db, dialect, id));
  }

  publishedModels(accountId: string, dialect: string) {
    return this.#read((db) => models.publishedModels(db, accountId, dialect));
  }

  recordAudit(entry: CommandOf<'recordAudit'>): Promise<void> {
    return this.#writer.run('recordAudit', entry);
  }

  auditEntries(filter: AuditFilter, limit: number, cursor?: string) {
    return this.#read((db) => auditEntries(db, filter, limit, cursor));
  }

  // Notification and end

  nextDue(what: 'generations' | 'deliveries') {
    return this.#read((db) => generations.nextDue(db, what));
  }

  backlog(most: number) {
    return this.#read((db) => backlog(db, most));
  }

  subscribe(listener: (event: StoreEvent) => void): () => void {
    return this.#notices.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // The readers go first, so that the last connection is the one that may fold the log into the file.
    const reports = [this.#customerReports.close(), this.#operatorReports.close()];
    this.#reader.close();
    await Promise.all([...reports, this.#writer.close()]);
  }

  #changed(generationId: string, status: Status): void {
    this.#notices.emit({ kind: 'changed', generationId, status });
  }

  /** Reads run at once; only the answer is a promise. */
  async #read<T>(query: (db: Connection) => T): Promise<T> {
    return this.#readNow(query);
  }

  #readNow<T>(query: (db: Connection) => T): T {
    if (this.#closed) throw unavailable('the store is closed');
    try {
      return query(this.#reader);
    } catch (error) {
      throw toGenlockError(error);
    }
  }
}
