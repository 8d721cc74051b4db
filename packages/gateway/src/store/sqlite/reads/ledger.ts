import type { Page, PendingTopUp, Transfer } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { decodeCursor, toPage } from '../cursor.ts';
import {
  type PendingTopUpRow,
  TRANSFER_COLUMNS,
  type TransferRow,
  toPendingTopUp,
  toTransfer,
} from '../rows/ledger.ts';

/** Oldest first. */
export function ledger(
  db: Connection,
  accountId: string,
  limit: number,
  cursor: string | undefined,
): Page<Transfer> {
  const rows = db.all<TransferRow>(
    `SELECT ${TRANSFER_COLUMNS} FROM transfers t WHERE t.account_id = ? AND t.seq > ? ORDER BY t.seq LIMIT ?`,
    accountId,
    cursor === undefined ? 0 : decodeCursor(cursor),
    limit + 1,
  );
  return toPage(rows, limit, toTransfer);
}

/** Two queries, so that each can use its partial index. */
export function transfersOf(db: Connection, generationId: string): readonly Transfer[] {
  return db
    .all<TransferRow>(
      `WITH g AS (SELECT seq FROM generations WHERE id = ?1), t AS (
         SELECT * FROM transfers WHERE generation = (SELECT seq FROM g) AND type IN ('hold', 'capture', 'release')
         UNION ALL
         SELECT * FROM transfers WHERE generation = (SELECT seq FROM g) AND type IN ('refund', 'adjustment'))
       SELECT ${TRANSFER_COLUMNS} FROM t ORDER BY t.seq`,
      generationId,
    )
    .map(toTransfer);
}

export function pendingTopUp(db: Connection, id: string, now: number): PendingTopUp | undefined {
  const row = db.get<PendingTopUpRow>('SELECT * FROM pending_top_ups WHERE id = ?', id);
  return row && toPendingTopUp(row, now);
}
