import type { Delivery } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { DELIVERY_COLUMNS, type DeliveryRow, toDelivery } from '../rows/webhooks.ts';

/**
 * Takes the lease away from whoever is sending the delivery: receivers must be able to handle a webhook twice anyway. A secret that came
 * with the job was deleted when the delivery ended; if it is sent again after that, it is signed with the account's secret.
 */
export function redeliver(db: Connection, { id, now }: { id: string; now: number }): Delivery | undefined {
  db.run(
    `UPDATE deliveries SET status = 'pending', next_attempt_at = ?, due_at = ?, worker = NULL WHERE id = ?`,
    now,
    now,
    id,
  );
  const row = db.get<DeliveryRow>(`SELECT ${DELIVERY_COLUMNS} FROM deliveries d WHERE d.id = ?`, id);
  return row && toDelivery(row);
}
