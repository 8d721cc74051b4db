import type { BeginAttempt, EndAttempt, Lease } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** The seq of an unfinished generation that has this worker's name, even if the lease has run out. */
export function leased(db: Connection, lease: Lease): { seq: number; due_at: number } | undefined {
  return db.get(
    'SELECT seq, due_at FROM generations WHERE id = ? AND worker = ? AND finished_at IS NULL',
    lease.generationId,
    lease.worker,
  );
}

/** Writes the intent to call. An attempt that was begun and has no outcome yet may be begun again; otherwise 0 rows are written. */
export function insertAttempt(
  db: Connection,
  generation: number,
  attempt: Pick<BeginAttempt, 'n' | 'provider' | 'model' | 'now'>,
): number {
  return db.run(
    `INSERT INTO attempts (generation, n, provider, model, started_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (generation, n) DO UPDATE SET provider = excluded.provider, model = excluded.model, error_code = NULL, error_raw = NULL
     WHERE outcome IS NULL AND upstream_id IS NULL`,
    generation,
    attempt.n,
    attempt.provider,
    attempt.model,
    attempt.now,
  );
}

/** Writes how an attempt ended. If it had already ended, its first end stays. */
export function endAttempt(db: Connection, generation: number, attempt: EndAttempt, now: number): void {
  db.run(
    `UPDATE attempts SET outcome = ?, error_code = ?, error_raw = ?, cost = ?, lost_calls = max(lost_calls, ?), ended_at = ?
     WHERE generation = ? AND n = ? AND outcome IS NULL`,
    attempt.outcome,
    attempt.error?.code ?? null,
    attempt.error?.raw ?? null,
    attempt.cost ?? null,
    attempt.lostCalls ?? 0,
    attempt.outcome === 'abandoned' ? null : now,
    generation,
    attempt.n,
  );
}

/** Marks what is still under way, because the generation ends without it. */
export function abandonAttempts(db: Connection, generation: number): void {
  db.run(`UPDATE attempts SET outcome = 'abandoned' WHERE generation = ? AND outcome IS NULL`, generation);
}
