import type { Backlog } from '../../port.ts';
import type { Connection } from '../connection.ts';

interface Row {
  readonly count: number;
  readonly sum: number;
}

const NONE: Row = { count: 0, sum: 0 };

/**
 * Walks partial indexes that contain only unfinished work, at most `most` entries of each. The comparisons are always true; they make
 * SQLite use the index.
 */
export function backlog(db: Connection, most: number): Backlog {
  const add = (rows: string): Row =>
    db.get<Row>(`SELECT count(*) AS count, coalesce(sum(n), 0) AS sum FROM (${rows} LIMIT ?)`, most) ?? NONE;
  const waiting = 'FROM generations WHERE worker IS NULL AND finished_at IS NULL AND due_at > -1';
  const leased = 'FROM generations WHERE worker IS NOT NULL AND due_at > -1';
  const unfinished = (n: string, more = ''): string =>
    `SELECT ${n} AS n ${waiting} ${more} UNION ALL SELECT ${n} ${leased} ${more}`;
  const holds = add(unfinished('quote', 'AND quote > 0'));
  return {
    unfinished: add(unfinished('1')).count,
    leased: add(`SELECT 1 AS n ${leased}`).count,
    holds: holds.count,
    held: holds.sum,
    webhooks: add('SELECT 1 AS n FROM deliveries WHERE due_at > -1').count,
  };
}
