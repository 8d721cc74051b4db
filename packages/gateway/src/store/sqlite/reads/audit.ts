import type { AuditEntry, AuditFilter, Page } from '../../port.ts';
import type { Connection, SqlValue } from '../connection.ts';
import { decodeCursor, toPage } from '../cursor.ts';

interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly client: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly detail: string;
}

/** Newest first. Each filter has an index that ends in the seq, so a page costs only what it shows. */
export function auditEntries(
  db: Connection,
  filter: AuditFilter,
  limit: number,
  cursor: string | undefined,
): Page<AuditEntry> {
  const given = (['target', 'action'] as const).filter((name) => filter[name] !== undefined);
  const where = [...given.map((name) => `${name} = ?`), 'seq < ?'].join(' AND ');
  const values: SqlValue[] = given.map((name) => filter[name] ?? '');
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor);
  const rows = db.all<AuditRow>(
    `SELECT * FROM audit WHERE ${where} ORDER BY seq DESC LIMIT ?`,
    ...values,
    before,
    limit + 1,
  );
  return toPage(rows, limit, toEntry);
}

function toEntry({ seq, request_id, detail, ...row }: AuditRow): AuditEntry {
  return {
    id: `aud_${seq.toString().padStart(16, '0')}`,
    ...row,
    requestId: request_id,
    detail: JSON.parse(detail),
  };
}
