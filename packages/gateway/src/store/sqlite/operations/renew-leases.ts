import type { Connection } from '../connection.ts';

export interface RenewLeases {
  readonly worker: string;
  readonly leaseUntil: number;
  readonly generationIds: readonly string[];
}

/** What another worker has claimed since has that worker's name and is left alone. */
export function renewLeases(db: Connection, { worker, leaseUntil, generationIds }: RenewLeases): void {
  db.run(
    'UPDATE generations SET due_at = ? WHERE worker = ? AND id IN (SELECT value FROM json_each(?))',
    leaseUntil,
    worker,
    JSON.stringify(generationIds),
  );
}
