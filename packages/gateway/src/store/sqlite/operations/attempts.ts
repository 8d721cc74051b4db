import type { EndAttempt, Lease } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** The seq of an unfinished generation that the worker holds, whether or not its time has run out. */
export function leased(db: Connection, lease: Lease): { seq: number; due_at: number } | undefined {
  return db.get(
    'SELECT seq, due_at FROM generations WHERE id = ? AND worker = ? AND finished_at IS NULL',
    lease.generationId,
    lease.worker,
  );
}

/** Writes how an attempt ended. One that ended already keeps its end. */
export function endAttempt(db: Connection, generation: number, attempt: EndAttempt, now: number): void {
  db.run(
    `UPDATE attempts SET outcome = ?, error_code = ?, error_raw = ?, ended_at = ?
     WHERE generation = ? AND n = ? AND outcome IS NULL`,
    attempt.outcome,
    attempt.error?.code ?? null,
    attempt.error?.raw ?? null,
    now,
    generation,
    attempt.n,
  );
}
