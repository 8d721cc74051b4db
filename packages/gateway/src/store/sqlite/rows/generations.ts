import type { Generation, Mode, Status } from '../../../domain/generation.ts';
import type { Kind } from '../../../domain/request.ts';
import type { AdmitCommand, NewGeneration } from '../../port.ts';
import type { SqlValue } from '../connection.ts';
import { insertInto } from './insert-into.ts';

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

/** All values but the seq, which the insert into `generations` returns. */
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

function parse<T>(text: string | null): T | null {
  return text === null ? null : JSON.parse(text);
}

function stringify(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
