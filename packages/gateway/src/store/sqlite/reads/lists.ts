import { type Generation, STATUSES, type Status } from '../../../domain/generation.ts';
import type { GenerationFilter, NumberedFilter, NumberedPage, Page } from '../../port.ts';
import type { Connection, SqlValue } from '../connection.ts';
import { decodeCursor, toPage } from '../cursor.ts';
import { type GenerationRow, toGeneration } from '../rows/generations.ts';
import { WHOLE } from './generations.ts';

/*
 * Lists of generations, newest first, without deleted ones. Each status is a range of the index, read from its end, and a list of several
 * statuses or dialects merges their ranges. So the cost of a page is bounded by its length times the number of ranges, whatever the filter
 * and however many generations there are.
 */

export function generations(
  db: Connection,
  filter: GenerationFilter,
  limit: number,
  cursor: string | undefined,
): Page<Generation> {
  const statuses = filter.status === undefined ? STATUSES : [filter.status];
  const dialects = typeof filter.dialect === 'string' ? [filter.dialect] : [...new Set(filter.dialect)];
  if (dialects.length === 0) return { data: [], nextCursor: null };
  const ranges = dialects.flatMap((dialect) =>
    statuses.map((status) => scope({ ...filter, dialect }, status)),
  );
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor);
  const range = `${RANGE[by(filter)]} AND seq < ? ORDER BY seq DESC LIMIT ?`;
  const rows = db.all<GenerationRow>(
    `${WHOLE} WHERE g.seq IN (${merged(`SELECT seq ${range}`, ranges.length)} ORDER BY seq DESC LIMIT ?)
     ORDER BY g.seq DESC`,
    ...ranges.flatMap((values) => [...values, before, limit + 1]),
    limit + 1,
  );
  return toPage(rows, limit, toGeneration);
}

/** Skipping and counting read only the index. */
export function generationsByNumber(db: Connection, filter: NumberedFilter): NumberedPage<Generation> {
  const statuses = [...new Set(filter.statuses ?? STATUSES)];
  if (statuses.length === 0) return { data: [], total: 0 };
  const { from = 0, to = Number.MAX_SAFE_INTEGER, offset, limit } = filter;
  // `[0, 1]` stands for "any", so that one statement text serves all cases.
  const inline = filter.inline === undefined ? [0, 1] : [Number(filter.inline), Number(filter.inline)];
  const range = `${RANGE[by(filter)]} AND created_at BETWEEN ? AND ? AND inline IN (?, ?)`;
  return db.snapshot(() => {
    const counts = db.get<{ total: number }>(
      `SELECT sum(n) AS total FROM (${merged(`SELECT count(*) AS n ${range}`, statuses.length)})`,
      ...statuses.flatMap((status) => [...scope(filter, status), from, to, ...inline]),
    );
    const rows = db.all<GenerationRow>(
      `${WHOLE} WHERE g.seq IN (
         ${merged(`SELECT seq ${range} ORDER BY seq DESC LIMIT ?`, statuses.length)} ORDER BY seq DESC LIMIT ? OFFSET ?)
       ORDER BY g.seq DESC`,
      ...statuses.flatMap((status) => [...scope(filter, status), from, to, ...inline, offset + limit]),
      limit,
      offset,
    );
    return { data: rows.map(toGeneration), total: counts?.total ?? 0 };
  });
}

type Scope = Omit<GenerationFilter, 'status' | 'dialect'> & { readonly dialect: string };

/** One status of a scope. The index is named because the planner has no statistics and might otherwise walk by rowid. */
const RANGE = {
  status: `FROM generations INDEXED BY generations_by_status
    WHERE deleted_at IS NULL AND account_id = ? AND dialect = ? AND mode = ? AND status = ?`,
  model: `FROM generations INDEXED BY generations_by_model
    WHERE deleted_at IS NULL AND account_id = ? AND dialect = ? AND mode = ? AND model = ? AND status = ?`,
};

function by(filter: Pick<Scope, 'model'>): keyof typeof RANGE {
  return filter.model === undefined ? 'status' : 'model';
}

function scope({ accountId, dialect, mode, model }: Scope, status: Status): SqlValue[] {
  return [accountId, dialect, mode, ...(model === undefined ? [] : [model]), status];
}

/** One query made of the same query for each range. There are few such texts, so they stay prepared. */
function merged(query: string, ranges: number): string {
  return `SELECT * FROM (${query})${` UNION ALL SELECT * FROM (${query})`.repeat(ranges - 1)}`;
}
