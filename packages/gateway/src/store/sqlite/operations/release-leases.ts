import type { Connection } from '../connection.ts';

/**
 * Makes everything that the worker holds due at once, for anyone. The worker's later writes find its name gone. Generations become due as
 * of their creation: if they stood behind what their account has queued since, a job that is running at a provider would be polled too
 * late.
 */
export function releaseLeases(db: Connection, { worker, now }: { worker: string; now: number }): void {
  db.run('UPDATE generations SET due_at = min(created_at, ?), worker = NULL WHERE worker = ?', now, worker);
  db.run('UPDATE deliveries SET due_at = ?, worker = NULL WHERE worker = ?', now, worker);
}
