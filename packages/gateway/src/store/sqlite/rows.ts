import type { CanonicalCode } from '@genlock/contracts';
import type { Attempt, AttemptOutcome, Generation, Kind, Mode, Status } from '../../domain/generation.ts';
import type {
  Account,
  AccountStatus,
  AdmitCommand,
  ApiKey,
  Asset,
  Delivery,
  DeliveryStatus,
  FlaggedAttempt,
  KeyStatus,
  NewGeneration,
  PendingTopUp,
  Plan,
  PublishedModel,
  Transfer,
  TransferType,
  WebhookEndpoint,
} from '../port.ts';
import type { SqlValue } from './connection.ts';

/* The rows of the tables, as migrations/ defines them, and the way to and from the objects of the port. */

/** Columns in the order of an INSERT, for rows that are written whole. */
export function insertInto(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

// Accounts and keys

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly status: AccountStatus;
  readonly limits: string;
  readonly created_at: number;
  readonly subscription_funds: number;
  readonly permanent_funds: number;
  readonly subscription_held: number;
  readonly permanent_held: number;
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    plan: row.plan,
    status: row.status,
    limits: JSON.parse(row.limits),
    createdAt: row.created_at,
  };
}

export interface KeyRow {
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly name: string;
  readonly prefix: string;
  readonly status: KeyStatus;
  readonly allowed_origins: string;
  readonly allowed_ips: string;
  readonly limits: string;
  readonly created_at: number;
}

export function toKey(row: KeyRow): ApiKey {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    mode: row.mode,
    name: row.name,
    prefix: row.prefix,
    status: row.status,
    allowedOrigins: JSON.parse(row.allowed_origins),
    allowedIps: JSON.parse(row.allowed_ips),
    limits: JSON.parse(row.limits),
    createdAt: row.created_at,
  };
}

// Generations

/** What {@link GENERATION_COLUMNS} selects: both parts of a generation. */
export interface GenerationRow {
  readonly seq: number;
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly key_id: string;
  readonly mode: Mode;
  readonly model: string;
  readonly kind: Kind;
  readonly status: Status;
  readonly quote: number;
  readonly charged: number | null;
  readonly delivered: string | null;
  readonly failure: string | null;
  readonly progress: string | null;
  readonly inline: number;
  readonly retry_of: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly deadline_at: number;
  readonly deleted_at: number | null;
  readonly input: string;
  readonly request: string;
  readonly metadata: string | null;
  readonly webhook: string | null;
  readonly price: string;
  readonly traceparent: string | null;
}

export const GENERATION_COLUMNS = `g.seq, g.id, g.account_id, g.dialect, g.key_id, g.mode, g.model, g.kind, g.status,
  g.quote, g.charged, g.delivered, g.failure, g.progress, g.inline, g.retry_of, g.created_at, g.updated_at, g.started_at,
  g.finished_at, g.deadline_at, g.deleted_at, b.input, b.request, b.metadata, b.webhook, b.price, b.traceparent`;

export function toGeneration(row: GenerationRow): Generation {
  return {
    id: row.id,
    dialect: row.dialect,
    accountId: row.account_id,
    keyId: row.key_id,
    mode: row.mode,
    model: row.model,
    kind: row.kind,
    status: row.status,
    input: JSON.parse(row.input),
    request: JSON.parse(row.request),
    metadata: parse(row.metadata),
    webhook: parse(row.webhook),
    price: JSON.parse(row.price),
    quote: row.quote,
    charged: row.charged,
    delivered: parse(row.delivered),
    failure: parse(row.failure),
    progress: parse(row.progress),
    inline: row.inline === 1,
    retryOf: row.retry_of,
    traceparent: row.traceparent,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    deadlineAt: row.deadline_at,
    deletedAt: row.deleted_at,
  };
}

export const INSERT_GENERATION = insertInto('generations', [
  'id',
  'account_id',
  'dialect',
  'key_id',
  'mode',
  'model',
  'kind',
  'status',
  'quote',
  'retry_of',
  'created_at',
  'updated_at',
  'deadline_at',
  'slots',
  'inline',
  'started_at',
  'due_at',
  'worker',
]);

export function generationValues({ generation, slots, start }: AdmitCommand): SqlValue[] {
  return [
    generation.id,
    generation.accountId,
    generation.dialect,
    generation.keyId,
    generation.mode,
    generation.model,
    generation.kind,
    start === undefined ? 'queued' : 'running',
    generation.quote,
    generation.retryOf,
    generation.createdAt,
    generation.createdAt,
    generation.deadlineAt,
    slots.length === 0 ? null : JSON.stringify(slots.map((claim) => claim.slot)),
    start === undefined ? 0 : 1,
    start === undefined ? null : generation.createdAt,
    start?.leaseUntil ?? generation.createdAt,
    start?.worker ?? null,
  ];
}

export const INSERT_BODY = insertInto('generation_bodies', [
  'seq',
  'input',
  'request',
  'metadata',
  'webhook',
  'price',
  'traceparent',
]);

/** All but the seq, which the insert into `generations` gives. */
export function bodyValues(generation: NewGeneration): SqlValue[] {
  return [
    JSON.stringify(generation.input),
    JSON.stringify(generation.request),
    stringify(generation.metadata),
    stringify(generation.webhook),
    JSON.stringify(generation.price),
    generation.traceparent,
  ];
}

export interface AttemptRow {
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly upstream_id: string | null;
  readonly outcome: AttemptOutcome | null;
  readonly error_code: CanonicalCode | null;
  readonly error_raw: string | null;
  readonly cost: number | null;
  readonly lost_calls: number;
  readonly started_at: number;
  readonly ended_at: number | null;
}

export function toAttempt(row: AttemptRow): Attempt {
  return {
    n: row.n,
    provider: row.provider,
    model: row.model,
    upstreamId: row.upstream_id,
    outcome: row.outcome,
    error: row.error_code === null ? null : { code: row.error_code, raw: row.error_raw },
    cost: row.cost,
    lostCalls: row.lost_calls,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

/** The generation of an attempt, beside {@link AttemptRow}. */
export interface FlaggedRow {
  readonly generation_id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly ordered: string;
  readonly status: Status;
  readonly quote: number;
  readonly finished_at: number | null;
}

export function toFlaggedAttempt(row: AttemptRow & FlaggedRow): FlaggedAttempt {
  return {
    ...toAttempt(row),
    generation: {
      id: row.generation_id,
      accountId: row.account_id,
      dialect: row.dialect,
      mode: row.mode,
      model: row.ordered,
      status: row.status,
      quote: row.quote,
      finishedAt: row.finished_at,
    },
  };
}

// Ledger

/** What {@link TRANSFER_COLUMNS} selects. */
export interface TransferRow {
  readonly seq: number;
  readonly account_id: string;
  readonly type: TransferType;
  readonly subscription: number;
  readonly permanent: number;
  readonly generation_id: string | null;
  readonly reference: string | null;
  readonly at: number;
}

export const TRANSFER_COLUMNS = `t.seq, t.account_id, t.type, t.subscription, t.permanent,
  (SELECT id FROM generations WHERE seq = t.generation) AS generation_id, t.reference, t.at`;

export function toTransfer(row: TransferRow): Transfer {
  return {
    id: transferId(row.seq),
    accountId: row.account_id,
    type: row.type,
    funds: { subscription: row.subscription, permanent: row.permanent },
    generationId: row.generation_id,
    reference: row.reference,
    at: row.at,
  };
}

/** Sorts like the ledger. Made of the seq, so that it takes no column and no index. */
export function transferId(seq: number): string {
  return `tr_${seq.toString().padStart(16, '0')}`;
}

export interface PendingTopUpRow {
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly pack: string;
  readonly amount: number;
  readonly details: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly paid_at: number | null;
}

export function toPendingTopUp(row: PendingTopUpRow, now: number): PendingTopUp {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    mode: row.mode,
    status: row.paid_at !== null ? 'paid' : row.expires_at <= now ? 'expired' : 'pending',
    pack: row.pack,
    amount: row.amount,
    details: JSON.parse(row.details),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
  };
}

// Assets

/** What {@link ASSET_COLUMNS} selects. */
export interface AssetRow {
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly generation_id: string | null;
  readonly position: number;
  readonly content_type: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_seconds: number | null;
  readonly fps: number | null;
  readonly has_sound: number | null;
  readonly sha256: string;
  readonly blob: string;
  readonly created_at: number;
  readonly expires_at: number;
}

export const ASSET_COLUMNS = `a.id, a.account_id, a.dialect, a.mode,
  (SELECT id FROM generations WHERE seq = a.generation) AS generation_id, a.position, a.content_type, a.bytes, a.width,
  a.height, a.duration_seconds, a.fps, a.has_sound, a.sha256, a.blob, a.created_at, a.expires_at`;

export function toAsset(row: AssetRow): Asset {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    mode: row.mode,
    generationId: row.generation_id,
    index: row.position,
    contentType: row.content_type,
    bytes: row.bytes,
    width: row.width,
    height: row.height,
    durationSeconds: row.duration_seconds,
    fps: row.fps,
    hasSound: row.has_sound === null ? null : row.has_sound === 1,
    sha256: row.sha256,
    blob: row.blob,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

// Webhooks

/** What {@link DELIVERY_COLUMNS} selects. */
export interface DeliveryRow {
  readonly seq: number;
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly generation_id: string | null;
  readonly endpoint_id: string | null;
  readonly event: string;
  readonly url: string;
  readonly sealed_secret: string | null;
  readonly status: DeliveryStatus;
  readonly attempts: string;
  readonly next_attempt_at: number | null;
  readonly created_at: number;
  readonly body: string;
  readonly traceparent: string | null;
}

export const DELIVERY_COLUMNS = `d.seq, d.id, d.account_id, d.dialect, d.mode,
  (SELECT id FROM generations WHERE seq = d.generation) AS generation_id, d.endpoint_id, d.event, d.url, d.sealed_secret,
  d.status, d.attempts, d.next_attempt_at, d.created_at, d.body,
  (SELECT traceparent FROM generation_bodies WHERE seq = d.generation) AS traceparent`;

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    mode: row.mode,
    generationId: row.generation_id,
    endpointId: row.endpoint_id,
    event: row.event,
    url: row.url,
    sealedSecret: row.sealed_secret,
    body: row.body,
    createdAt: row.created_at,
    status: row.status,
    attempts: JSON.parse(row.attempts),
    traceparent: row.traceparent,
    nextAttemptAt: row.next_attempt_at,
  };
}

export interface EndpointRow {
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly url: string;
  readonly events: string;
  readonly secrets: string;
  readonly status: 'active' | 'disabled';
  readonly created_at: number;
}

export function toEndpoint(row: EndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    url: row.url,
    events: JSON.parse(row.events),
    secrets: JSON.parse(row.secrets),
    status: row.status,
    createdAt: row.created_at,
  };
}

// Models

export interface PublishedModelRow {
  readonly dialect: string;
  readonly id: string;
  readonly account_id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly base: string;
  readonly route_provider: string;
  readonly route_model: string;
  readonly created_at: number;
}

export function toPublishedModel(row: PublishedModelRow): PublishedModel {
  return {
    dialect: row.dialect,
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    kind: row.kind,
    base: row.base,
    route: { provider: row.route_provider, model: row.route_model },
    createdAt: row.created_at,
  };
}

function parse<T>(text: string | null): T | null {
  return text === null ? null : JSON.parse(text);
}

function stringify(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
