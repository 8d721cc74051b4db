import type { Connection } from '../connection.ts';

/**
 * Makes all that the worker holds due at once, for anyone. The worker's later writes find its name gone. Generations are due as of their
 * creation: behind what their account has queued since, a job that a provider works on would be asked after too late.
 */
export function releaseLeases(db: Connection, { worker, now }: { worker: string; now: number }): void {
  db.run('UPDATE generations SET due_at = min(created_at, ?), worker = NULL WHERE worker = ?', now, worker);
  db.run('UPDATE deliveries SET due_at = ?, worker = NULL WHERE worker = ?', now, worker);
}
