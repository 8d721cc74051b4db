import type { NewDelivery } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** Writes the webhooks of a generation in the transaction of the change that they announce, so that neither exists without the other. */
export function insertDeliveries(
  db: Connection,
  deliveries: readonly NewDelivery[],
  generation: number,
): void {
  for (const delivery of deliveries) {
    db.run(
      `INSERT INTO deliveries
         (id, account_id, dialect, mode, generation, endpoint_id, event, url, sealed_secret, status, attempts,
          next_attempt_at, due_at, created_at, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', '[]', ?, ?, ?, ?)`,
      delivery.id,
      delivery.accountId,
      delivery.dialect,
      delivery.mode,
      generation,
      delivery.endpointId,
      delivery.event,
      delivery.url,
      delivery.sealedSecret,
      delivery.createdAt,
      delivery.createdAt,
      delivery.createdAt,
      delivery.body,
    );
  }
}
