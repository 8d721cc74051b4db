import type { Generation } from '../../domain/generation.ts';
import type { NewDelivery } from './webhooks.ts';

/** A named counter of unfinished generations and its upper limit: `{slot: 'key:key_01…', max: 50}`. */
export interface SlotClaim {
  readonly slot: string;
  readonly max: number;
  /** The error when it is full. */
  readonly refusal: 'queue_full' | 'concurrency_limited';
}

export interface IdempotencyClaim {
  /** SHA-256 hex over scope and key: the key itself is never stored. */
  readonly digest: string;
  /** SHA-256 hex over the canonical request body. */
  readonly fingerprint: string;
  /** null: it lasts as long as the object that it made. */
  readonly expiresAt: number | null;
}

/** What was made under an idempotency key. Look-up and claim return it. */
export interface IdempotencyRecord {
  readonly fingerprint: string;
  readonly targetId: string;
}

/** A generation at its admission: nothing charged, nothing delivered. */
export type NewGeneration = Omit<
  Generation,
  | 'status'
  | 'charged'
  | 'delivered'
  | 'failure'
  | 'progress'
  | 'inline'
  | 'startedAt'
  | 'finishedAt'
  | 'updatedAt'
  | 'deletedAt'
>;

/** The first attempt of inline work. Its intent is written with the admission. */
export interface InlineStart {
  readonly worker: string;
  readonly leaseUntil: number;
  readonly provider: string;
  readonly model: string;
}

export interface AdmitCommand {
  /** `quote` is the amount to hold. 0 holds nothing and writes no transfer. */
  readonly generation: NewGeneration;
  readonly slots: readonly SlotClaim[];
  readonly idempotency?: IdempotencyClaim;
  /** If present, the generation is `running` and `inline` from the start, under this lease, with attempt 1 begun. */
  readonly start?: InlineStart;
  readonly deliveries: readonly NewDelivery[];
}

/** The refusals in the order in which they are checked. Only `admitted` leaves a trace. */
export type AdmitResult =
  | { readonly kind: 'replayed'; readonly targetId: string }
  | { readonly kind: 'idempotency_conflict' }
  | { readonly kind: 'slots_full'; readonly refusal: SlotClaim['refusal'] }
  | { readonly kind: 'insufficient_credits' }
  | { readonly kind: 'admitted' };

export interface AdmissionStore {
  /** Idempotency, slots, credits and insert in one atomic decision. */
  admit(command: AdmitCommand): Promise<AdmitResult>;
  /** The same decision on what is committed now, without taking anything; `admitted` means that it would be admitted. */
  rehearseAdmit(command: Omit<AdmitCommand, 'deliveries'>): Promise<AdmitResult>;
  /** `now` tells whether a record has expired. */
  idempotencyRecord(digest: string, now: number): Promise<IdempotencyRecord | undefined>;
}
