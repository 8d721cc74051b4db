import type { WebhookEndpoint } from '../../port.ts';
import type { Connection } from '../connection.ts';

export function createEndpoint(db: Connection, endpoint: WebhookEndpoint): void {
  db.run(
    `INSERT INTO webhook_endpoints (id, account_id, dialect, url, events, secrets, status, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    endpoint.id,
    endpoint.accountId,
    endpoint.dialect,
    endpoint.url,
    JSON.stringify(endpoint.events),
    JSON.stringify(endpoint.secrets),
    endpoint.status,
    endpoint.createdAt,
  );
}
