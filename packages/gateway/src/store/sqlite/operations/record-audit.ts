import type { Json } from '../../../domain/generation.ts';
import type { Connection } from '../connection.ts';

export function recordAudit(
  db: Connection,
  entry: { readonly at: number; readonly action: string; readonly target: string; readonly detail: Json },
): void {
  db.run(
    'INSERT INTO audit (at, action, target, detail) VALUES (?, ?, ?, ?)',
    entry.at,
    entry.action,
    entry.target,
    JSON.stringify(entry.detail),
  );
}
