import type { Bucket, Funds } from '../../domain/funds.ts';
import type { Mode } from '../../domain/generation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Micros } from '../../domain/money.ts';
import type { IdempotencyClaim } from './admission.ts';
import type { Page } from './page.ts';

export type TransferType = 'top_up' | 'hold' | 'capture' | 'release' | 'refund' | 'adjustment';

export interface Transfer {
  readonly id: string;
  readonly accountId: string;
  readonly type: TransferType;
  /** The parts are never negative; the type gives the direction. */
  readonly funds: Funds;
  readonly generationId: string | null;
  readonly reference: string | null;
  readonly at: number;
}

export interface TopUpCommand {
  readonly accountId: string;
  readonly amount: Micros;
  readonly bucket: Bucket;
  /** An account is credited once for each reference. */
  readonly reference: string | null;
  readonly now: number;
}

export type TopUpResult =
  | { readonly kind: 'credited' | 'repeated'; readonly transfer: Transfer }
  | { readonly kind: 'reference_conflict' }
  | { readonly kind: 'account_unknown' };

/** A purchase whose payment has not arrived yet. */
export interface PendingTopUp {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly status: 'pending' | 'paid' | 'expired';
  readonly pack: string;
  readonly amount: Micros;
  /** Further facts that the dialect shows. */
  readonly details: JsonObject;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly paidAt: number | null;
}

export interface ReconcileReport {
  readonly accounts: number;
  readonly openHolds: number;
  /** Sum of the absolute differences between the stored balances and the ledger added up again. */
  readonly drift: Micros;
  /** Each difference in words: what differs, and where. Empty if there is none. */
  readonly findings: readonly string[];
}

export interface LedgerStore {
  topUp(command: TopUpCommand): Promise<TopUpResult>;
  ledger(accountId: string, limit: number, cursor?: string): Promise<Page<Transfer>>;
  transfersOf(generationId: string): Promise<readonly Transfer[]>;
  /** Idempotent like admission: `replayed` names the earlier top-up. */
  createPendingTopUp(
    topUp: PendingTopUp,
    idempotency?: IdempotencyClaim,
  ): Promise<
    | { readonly kind: 'created' }
    | { readonly kind: 'replayed'; readonly targetId: string }
    | { readonly kind: 'idempotency_conflict' }
  >;
  /** Its status is `expired` once its time is over. */
  pendingTopUp(id: string, now: number): Promise<PendingTopUp | undefined>;
  /**
   * Credits the purchase once; further calls add nothing. A test-mode top-up becomes paid without a transfer. `credited`: what this call
   * added.
   */
  confirmTopUp(
    id: string,
    now: number,
  ): Promise<{ readonly topUp: PendingTopUp; readonly credited: Micros } | undefined>;
  reconcile(): Promise<ReconcileReport>;
}
