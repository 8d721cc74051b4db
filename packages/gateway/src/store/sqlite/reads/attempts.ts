import type { Attempt } from '../../../domain/generation.ts';
import type { FlaggedAttempt, FlaggedOutcome, Page } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { decodeCursor, toPage } from '../cursor.ts';
import { type AttemptRow, type FlaggedRow, toAttempt, toFlaggedAttempt } from '../rows/attempts.ts';

export function attempts(db: Connection, generationId: string): readonly Attempt[] {
  return db
    .all<AttemptRow>(
      `SELECT a.* FROM attempts a WHERE a.generation = (SELECT seq FROM generations WHERE id = ?) ORDER BY a.n`,
      generationId,
    )
    .map(toAttempt);
}

/** A generation has at most 100 attempts, plus those that restarts broke off, so both parts of the key fit into one number. */
const PER_GENERATION = 1024;

interface Row extends AttemptRow, FlaggedRow {
  readonly seq: number;
}

/** Newest first: a range of the index of flagged attempts, read from its end. */
export function flaggedAttempts(
  db: Connection,
  outcome: FlaggedOutcome,
  limit: number,
  cursor: string | undefined,
): Page<FlaggedAttempt> {
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor);
  const rows = db.all<Row>(
    `SELECT a.*, a.generation * ${PER_GENERATION} + a.n AS seq, g.id AS generation_id, g.account_id, g.dialect, g.mode,
       g.model AS ordered, g.status, g.quote, g.finished_at
     FROM attempts a INDEXED BY attempts_flagged JOIN generations g ON g.seq = a.generation
     WHERE a.flag = ? AND (a.generation, a.n) < (?, ?)
     ORDER BY a.generation DESC, a.n DESC LIMIT ?`,
    outcome,
    Math.floor(before / PER_GENERATION),
    before % PER_GENERATION,
    limit + 1,
  );
  return toPage(rows, limit, toFlaggedAttempt);
}
