import type { ClaimWork } from '../../port.ts';
import type { Connection } from '../connection.ts';
import type { AttemptRow } from '../rows/attempts.ts';
import { GENERATION_COLUMNS, type GenerationRow } from '../rows/generations.ts';
import { dueLines, type Line, roomIn } from './lines.ts';

export interface ClaimedRow {
  readonly generation: GenerationRow;
  readonly attempts: readonly AttemptRow[];
  readonly started: boolean;
}

/**
 * Claims what is due. Two workers never get the same generation: it is chosen and marked under the same write lock. Marking removes it from
 * its line, and its lease keeps others away until it runs out. Reads only partial indexes of unfinished work, and of these only what it
 * takes and a bounded number of lines. So a claim costs the same however many generations have ended or are waiting.
 */
export function claim(db: Connection, command: ClaimWork): readonly ClaimedRow[] {
  const { limit, now } = command;
  const claimed = lapsed(db, now, limit).map((row) => mark(db, row, command));
  if (claimed.length === limit) return claimed;
  const room = roomIn(command.room);
  let lines = dueLines(db, now, limit - claimed.length, room);
  // If there are fewer lines than places, each line gives several generations; what a short line does not use goes to the others.
  while (lines.length > 0 && claimed.length < limit) {
    const each = Math.ceil((limit - claimed.length) / lines.length);
    const longer: Line[] = [];
    for (const line of lines) {
      const most = Math.min(each, limit - claimed.length, room.of(line));
      const rows = waiting(db, line, now, most);
      for (const row of rows) claimed.push(mark(db, row, command));
      room.take(line, rows.length);
      if (rows.length === most && room.of(line) > 0) longer.push(line);
    }
    lines = longer;
  }
  return claimed;
}

function lapsed(db: Connection, now: number, limit: number): GenerationRow[] {
  return db.all<GenerationRow>(
    `SELECT ${GENERATION_COLUMNS} FROM generations g JOIN generation_bodies b ON b.seq = g.seq
     WHERE g.worker IS NOT NULL AND g.due_at <= ? ORDER BY g.due_at, g.seq LIMIT ?`,
    now,
    limit,
  );
}

function waiting(db: Connection, { mode, accountId }: Line, now: number, limit: number): GenerationRow[] {
  if (limit <= 0) return [];
  return db.all<GenerationRow>(
    `SELECT ${GENERATION_COLUMNS} FROM generations g JOIN generation_bodies b ON b.seq = g.seq
     WHERE g.worker IS NULL AND g.finished_at IS NULL AND g.mode = ? AND g.account_id = ? AND g.due_at <= ?
     ORDER BY g.due_at, g.seq LIMIT ?`,
    mode,
    accountId,
    now,
    limit,
  );
}

function mark(db: Connection, row: GenerationRow, { worker, now, leaseUntil }: ClaimWork): ClaimedRow {
  const started = row.status === 'queued';
  const startedAt = row.started_at ?? now;
  db.run(
    `UPDATE generations SET status = 'running', worker = ?, due_at = ?, started_at = ?, updated_at = ? WHERE seq = ?`,
    worker,
    leaseUntil,
    startedAt,
    now,
    row.seq,
  );
  return {
    generation: { ...row, status: 'running', started_at: startedAt, updated_at: now },
    attempts: started
      ? []
      : db.all<AttemptRow>('SELECT * FROM attempts WHERE generation = ? ORDER BY n', row.seq),
    started,
  };
}
