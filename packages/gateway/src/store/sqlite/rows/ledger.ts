import type { Mode } from '../../../domain/generation.ts';
import type { PendingTopUp, Transfer, TransferType } from '../../port.ts';

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

/** Sorts like the ledger. Derived from the seq, so it needs no column and no index. */
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
