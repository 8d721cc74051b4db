import type { Attempt, Generation } from '../../../domain/generation.ts';
import type { Connection } from '../connection.ts';
import { type AttemptRow, toAttempt } from '../rows/attempts.ts';
import { GENERATION_COLUMNS, type GenerationRow, toGeneration } from '../rows/generations.ts';

export const WHOLE = `SELECT ${GENERATION_COLUMNS} FROM generations g JOIN generation_bodies b ON b.seq = g.seq`;

export function generation(db: Connection, id: string): Generation | undefined {
  const row = db.get<GenerationRow>(`${WHOLE} WHERE g.id = ?`, id);
  return row && toGeneration(row);
}

export function attempts(db: Connection, generationId: string): readonly Attempt[] {
  return db
    .all<AttemptRow>(
      `SELECT a.* FROM attempts a WHERE a.generation = (SELECT seq FROM generations WHERE id = ?) ORDER BY a.n`,
      generationId,
    )
    .map(toAttempt);
}

/** The least `due_at` of all that waits, a lease that will run out included: one look at the end of an index. */
export function nextDue(db: Connection, what: 'generations' | 'deliveries'): number | null {
  const row = db.get<{ due: number | null }>(
    what === 'generations'
      ? 'SELECT min(due_at) AS due FROM generations WHERE finished_at IS NULL'
      : 'SELECT min(due_at) AS due FROM deliveries WHERE due_at IS NOT NULL',
  );
  return row?.due ?? null;
}
