import type { WebhookEndpoint } from '../../port.ts';
import type { Connection } from '../connection.ts';

export function createEndpoint(db: Connection, endpoint: WebhookEndpoint): void {
  db.run(
    `INSERT INTO webhook_endpoints (id, account_id, dialect, url, events, sealed_secret, status, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    endpoint.id,
    endpoint.accountId,
    endpoint.dialect,
    endpoint.url,
    JSON.stringify(endpoint.events),
    endpoint.sealedSecret,
    endpoint.status,
    endpoint.createdAt,
  );
}
