import type { ClaimCommand, Delivery } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { DELIVERY_COLUMNS, type DeliveryRow, toDelivery } from '../rows/webhooks.ts';

/** Like {@link claim}: chosen and marked under the same write lock, and then out of reach for others until the lease ends. */
export function claimDeliveries(db: Connection, command: ClaimCommand): readonly Delivery[] {
  const due = db.all<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM deliveries d WHERE d.due_at <= ? ORDER BY d.due_at, d.seq LIMIT ?`,
    command.now,
    command.limit,
  );
  for (const row of due)
    db.run(
      'UPDATE deliveries SET worker = ?, due_at = ? WHERE seq = ?',
      command.worker,
      command.leaseUntil,
      row.seq,
    );
  return due.map(toDelivery);
}
