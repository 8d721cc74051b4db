import type { Delivery, Page, WebhookEndpoint } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { decodeCursor, toPage } from '../cursor.ts';
import {
  DELIVERY_COLUMNS,
  type DeliveryRow,
  type EndpointRow,
  toDelivery,
  toEndpoint,
} from '../rows/webhooks.ts';

export function deliveries(db: Connection, generationId: string): readonly Delivery[] {
  return db
    .all<DeliveryRow>(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries d
       WHERE d.generation = (SELECT seq FROM generations WHERE id = ?) ORDER BY d.seq`,
      generationId,
    )
    .map(toDelivery);
}

export function delivery(db: Connection, id: string): Delivery | undefined {
  const row = db.get<DeliveryRow>(`SELECT ${DELIVERY_COLUMNS} FROM deliveries d WHERE d.id = ?`, id);
  return row && toDelivery(row);
}

/** Newest first. */
export function deliveriesOf(
  db: Connection,
  endpointId: string,
  limit: number,
  cursor: string | undefined,
): Page<Delivery> {
  const rows = db.all<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM deliveries d WHERE d.endpoint_id = ? AND d.seq < ? ORDER BY d.seq DESC LIMIT ?`,
    endpointId,
    cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor),
    limit + 1,
  );
  return toPage(rows, limit, toDelivery);
}

export function endpoint(db: Connection, id: string): WebhookEndpoint | undefined {
  const row = db.get<EndpointRow>('SELECT * FROM webhook_endpoints WHERE id = ?', id);
  return row && toEndpoint(row);
}

export function endpoints(db: Connection, accountId: string, dialect: string): readonly WebhookEndpoint[] {
  return db
    .all<EndpointRow>(
      'SELECT * FROM webhook_endpoints WHERE account_id = ? AND dialect = ? ORDER BY rowid',
      accountId,
      dialect,
    )
    .map(toEndpoint);
}
