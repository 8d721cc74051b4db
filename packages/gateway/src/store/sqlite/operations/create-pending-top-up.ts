import type { IdempotencyClaim, PendingTopUp } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { consultIdempotency, recordIdempotency } from './idempotency.ts';

/** As in admission, the key is looked up and taken under one write lock. */
export function createPendingTopUp(
  db: Connection,
  { topUp, idempotency }: { topUp: PendingTopUp; idempotency: IdempotencyClaim | undefined },
) {
  const earlier = idempotency && consultIdempotency(db, idempotency, topUp.createdAt);
  if (earlier !== undefined) return earlier;
  db.run(
    `INSERT INTO pending_top_ups (id, account_id, dialect, mode, pack, amount, details, created_at, expires_at, paid_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    topUp.id,
    topUp.accountId,
    topUp.dialect,
    topUp.mode,
    topUp.pack,
    topUp.amount,
    JSON.stringify(topUp.details),
    topUp.createdAt,
    topUp.expiresAt,
    topUp.paidAt,
  );
  if (idempotency !== undefined) recordIdempotency(db, idempotency, topUp.id, topUp.createdAt);
  return { kind: 'created' } as const;
}
