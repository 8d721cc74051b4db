import { type Attempt, type Generation, STATUSES } from '../../../domain/generation.ts';
import type { GenerationFilter, Page } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { decodeCursor, toPage } from '../cursor.ts';
import { type AttemptRow, GENERATION_COLUMNS, type GenerationRow, toAttempt, toGeneration } from '../rows.ts';

const WHOLE = `SELECT ${GENERATION_COLUMNS} FROM generations g JOIN generation_bodies b ON b.seq = g.seq`;

export function generation(db: Connection, id: string): Generation | undefined {
  const row = db.get<GenerationRow>(`${WHOLE} WHERE g.id = ?`, id);
  return row && toGeneration(row);
}

/**
 * Newest first. Each status is a range of its own in the index, read from its end; a list of all statuses merges the five.
 * So a page costs at most five times its length, whatever the filter and however many generations there are.
 */
export function generations(
  db: Connection,
  filter: GenerationFilter,
  limit: number,
  cursor: string | undefined,
): Page<Generation> {
  const { accountId, dialect, mode, model, status } = filter;
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor);
  const scope = [accountId, dialect, mode, ...(model === undefined ? [] : [model])];
  const ranges = (status === undefined ? STATUSES : [status]).flatMap((each) => [
    ...scope,
    each,
    before,
    limit + 1,
  ]);
  const rows = db.all<GenerationRow>(
    LISTS[status === undefined ? 'all' : 'one'][model === undefined ? 'any' : 'named'],
    ...ranges,
    limit + 1,
  );
  return toPage(rows, limit, toGeneration);
}

const LISTS = {
  all: { any: list(STATUSES.length, false), named: list(STATUSES.length, true) },
  one: { any: list(1, false), named: list(1, true) },
};

function list(statuses: number, byModel: boolean): string {
  const range = `SELECT seq FROM (
    SELECT seq FROM generations INDEXED BY ${byModel ? 'generations_by_model' : 'generations_by_status'}
    WHERE account_id = ? AND dialect = ? AND mode = ? ${byModel ? 'AND model = ?' : ''} AND status = ? AND seq < ?
    ORDER BY seq DESC LIMIT ?)`;
  return `${WHOLE} WHERE g.seq IN (
    SELECT seq FROM (${Array<string>(statuses).fill(range).join(' UNION ALL ')}) ORDER BY seq DESC LIMIT ?)
    ORDER BY g.seq DESC`;
}

export function attempts(db: Connection, generationId: string): readonly Attempt[] {
  return db
    .all<AttemptRow>(
      `SELECT a.* FROM attempts a WHERE a.generation = (SELECT seq FROM generations WHERE id = ?) ORDER BY a.n`,
      generationId,
    )
    .map(toAttempt);
}

/** The least `due_at` of all that waits, a lease that will run out included; two looks at the end of an index. */
export function nextDue(db: Connection): number | null {
  const row = db.get<{ due: number | null }>(
    `SELECT min(due) AS due FROM (
       SELECT min(due_at) AS due FROM generations WHERE finished_at IS NULL
       UNION ALL SELECT min(due_at) FROM deliveries WHERE due_at IS NOT NULL)`,
  );
  return row?.due ?? null;
}
