import type { Connection } from '../connection.ts';

/** Two simultaneous sweeps share the write lock, so each row is returned once. */
export function removeExpiredAssets(
  db: Connection,
  { now, limit }: { now: number; limit: number },
): readonly string[] {
  const removed = db.all<{ blob: string }>(
    `DELETE FROM assets WHERE id IN
       (SELECT id FROM assets WHERE expires_at <= ? ORDER BY expires_at LIMIT ?) RETURNING blob`,
    now,
    limit,
  );
  return removed.map((row) => row.blob);
}
