import type { Connection } from '../connection.ts';

/**
 * Extends every lease of the worker, on generations and on deliveries. What another worker has claimed since has that worker's name and is
 * left alone.
 */
export function renewLeases(db: Connection, command: { worker: string; leaseUntil: number }): void {
  db.run('UPDATE generations SET due_at = ? WHERE worker = ?', command.leaseUntil, command.worker);
  db.run('UPDATE deliveries SET due_at = ? WHERE worker = ?', command.leaseUntil, command.worker);
}
