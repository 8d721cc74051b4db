import { NO_FUNDS } from '../../../domain/funds.ts';
import type { PendingTopUp } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type PendingTopUpRow, toPendingTopUp } from '../rows/ledger.ts';
import { credit } from './ledger.ts';
import { creditedBy } from './top-up.ts';

/**
 * Credits a purchase to the permanent bucket once: `paid_at` is read and set under the same write lock. An expired purchase can still be
 * confirmed, because money that arrived late has arrived. The transfer's reference is the id of the purchase, so that it is not credited
 * again if the operator has credited it by hand under that reference.
 */
export function confirmTopUp(
  db: Connection,
  { id, now }: { id: string; now: number },
): { topUp: PendingTopUp; credited: number } | undefined {
  const row = db.get<PendingTopUpRow>('SELECT * FROM pending_top_ups WHERE id = ?', id);
  if (row === undefined) return undefined;
  if (row.paid_at !== null) return { topUp: toPendingTopUp(row, now), credited: 0 };

  db.run('UPDATE pending_top_ups SET paid_at = ? WHERE id = ?', now, id);
  const owed = row.mode === 'live' && creditedBy(db, row.account_id, id) === undefined;
  if (owed) credit(db, row.account_id, { ...NO_FUNDS, permanent: row.amount }, id, now);
  return { topUp: toPendingTopUp({ ...row, paid_at: now }, now), credited: owed ? row.amount : 0 };
}
