import type { Connection } from '../connection.ts';

/**
 * Only an ended generation can be deleted, and an end is final, so the check stays true. Its row and its transfers stay, but it leaves the
 * list indexes. A second call keeps the time of the first and returns no blobs.
 */
export function deleteGeneration(
  db: Connection,
  { id, now }: { id: string; now: number },
): readonly string[] | undefined {
  const row = db.get<{ seq: number }>(
    'SELECT seq FROM generations WHERE id = ? AND finished_at IS NOT NULL',
    id,
  );
  if (row === undefined) return undefined;
  db.run('UPDATE generations SET deleted_at = ? WHERE seq = ? AND deleted_at IS NULL', now, row.seq);
  return db
    .all<{ blob: string }>('DELETE FROM assets WHERE generation = ? RETURNING blob', row.seq)
    .map(({ blob }) => blob);
}
