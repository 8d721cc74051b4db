import type { Connection } from '../connection.ts';

/** The least `due_at` of all that waits, a lease that will run out included: one look at the end of an index. */
export function nextDue(db: Connection, what: 'generations' | 'deliveries'): number | null {
  const row = db.get<{ due: number | null }>(
    what === 'generations'
      ? 'SELECT min(due_at) AS due FROM generations WHERE finished_at IS NULL'
      : 'SELECT min(due_at) AS due FROM deliveries WHERE due_at IS NOT NULL',
  );
  return row?.due ?? null;
}
