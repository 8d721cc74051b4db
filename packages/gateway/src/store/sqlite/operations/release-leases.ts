import { BROKEN_OFF } from '../../../domain/broken-off.ts';
import type { Connection } from '../connection.ts';

/**
 * Makes everything that the worker holds due at once, for anyone. The worker's later writes find its name gone. Generations become due as
 * of their creation: if they stood behind what their account has queued since, a job that is running at a provider would be polled too
 * late.
 *
 * Calls under way are broken off by this. They are marked in the same write, before anybody can claim them. Jobs that are only polled go on
 * and are not marked. A worker that dies never gets here, so the mark distinguishes an orderly end from a crash.
 */
export function releaseLeases(db: Connection, { worker, now }: { worker: string; now: number }): void {
  db.run(
    `UPDATE attempts SET error_code = ?, error_raw = ?
     WHERE outcome IS NULL AND upstream_id IS NULL AND generation IN (SELECT seq FROM generations WHERE worker = ?)`,
    BROKEN_OFF.code,
    BROKEN_OFF.raw,
    worker,
  );
  db.run('UPDATE generations SET due_at = min(created_at, ?), worker = NULL WHERE worker = ?', now, worker);
  db.run('UPDATE deliveries SET due_at = ?, worker = NULL WHERE worker = ?', now, worker);
}
