import type { Connection } from '../connection.ts';

/** Makes all that the worker holds due at once, for anyone. The worker's later writes find its name gone. */
export function releaseLeases(db: Connection, { worker, now }: { worker: string; now: number }): void {
  db.run('UPDATE generations SET due_at = ?, worker = NULL WHERE worker = ?', now, worker);
  db.run('UPDATE deliveries SET due_at = ?, worker = NULL WHERE worker = ?', now, worker);
}
