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

export interface LedgerStore {
  topUp(command: TopUpCommand): Promise<TopUpResult>;
  ledger(accountId: string, limit: number, cursor?: string): Promise<Page<Transfer>>;
  transfersOf(generationId: string): Promise<readonly Transfer[]>;
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
}
