import type { Connection } from '../connection.ts';

/** Tells the key caches of all processes that they are out of date, in the same transaction as the change. */
export function markAccessChange(db: Connection): void {
  db.run('UPDATE access_revision SET revision = revision + 1');
}

export function accessRevision(db: Connection): number {
  return db.get<{ revision: number }>('SELECT revision FROM access_revision')?.revision ?? 0;
}
