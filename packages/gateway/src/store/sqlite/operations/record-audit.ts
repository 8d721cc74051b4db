import type { AuditEntry } from '../../port.ts';
import type { Connection } from '../connection.ts';

export function recordAudit(db: Connection, entry: Omit<AuditEntry, 'id'>): void {
  db.run(
    `INSERT INTO audit (at, actor, client, address, request_id, action, target, outcome, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.at,
    entry.actor,
    entry.client,
    entry.address,
    entry.requestId,
    entry.action,
    entry.target,
    entry.outcome,
    JSON.stringify(entry.detail),
  );
}
