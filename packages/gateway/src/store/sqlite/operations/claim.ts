import type { ClaimCommand } from '../../port.ts';
import type { Connection } from '../connection.ts';
import type { AttemptRow } from '../rows/attempts.ts';
import { GENERATION_COLUMNS, type GenerationRow } from '../rows/generations.ts';

export interface ClaimedRow {
  readonly generation: GenerationRow;
  readonly attempts: readonly AttemptRow[];
  readonly started: boolean;
}

/**
 * Takes what is due. Two workers never get the same generation: choosing and marking happen under the one write lock, and
 * marking moves `due_at` to the end of the lease, out of everybody's reach until then. Reads only the partial index of
 * what is unfinished, so that it costs the same however many generations have ended.
 */
export function claim(
  db: Connection,
  { worker, limit, now, leaseUntil }: ClaimCommand,
): readonly ClaimedRow[] {
  const due = db.all<GenerationRow>(
    `SELECT ${GENERATION_COLUMNS} FROM generations g JOIN generation_bodies b ON b.seq = g.seq
     WHERE g.finished_at IS NULL AND g.due_at <= ? ORDER BY g.due_at, g.seq LIMIT ?`,
    now,
    limit,
  );
  return due.map((row) => {
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
  });
}
