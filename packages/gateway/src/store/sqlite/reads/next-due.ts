import type { Connection } from '../connection.ts';

/** The least `due_at` of all that waits, including leases that will run out. Reads the end of each index. */
export function nextDue(db: Connection, what: 'generations' | 'deliveries'): number | null {
  const row = db.get<{ due: number | null }>(
    what === 'generations'
      ? `SELECT min(due) AS due FROM (
           SELECT min(due_at) AS due FROM generations WHERE worker IS NULL AND finished_at IS NULL
           UNION ALL SELECT min(due_at) FROM generations WHERE worker IS NOT NULL)`
      : 'SELECT min(due_at) AS due FROM deliveries WHERE due_at IS NOT NULL',
  );
  return row?.due ?? null;
}
