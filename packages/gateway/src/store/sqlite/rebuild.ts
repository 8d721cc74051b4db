import { Connection } from './connection.ts';
import { BALANCES, type BalanceRow, COLUMNS, WRONG_SLOTS } from './reports/reconcile.ts';

export interface Rebuilt {
  /** Number of accounts whose balances were wrong. */
  readonly balances: number;
  /** Number of counters of unfinished work that were wrong. */
  readonly slots: number;
}

/**
 * Computes the stored balances again from the transfers, and the slots from the unfinished generations. One transaction under the write
 * lock, so that a gateway may run on the database meanwhile.
 *
 * @throws SQLite's error if the transfers themselves cannot be right, e.g. with a sum below zero; nothing is changed then
 */
export function rebuildFile(path: string): Rebuilt {
  const db = new Connection({ path });
  try {
    return db.write(() => ({ balances: rebuildBalances(db), slots: rebuildSlots(db) }));
  } finally {
    db.close();
  }
}

function rebuildBalances(db: Connection): number {
  const wrong = db.all<BalanceRow>(BALANCES);
  const set = COLUMNS.map((column) => `${column} = ?`).join(', ');
  for (const row of wrong)
    db.run(
      `UPDATE accounts SET ${set} WHERE id = ?`,
      ...COLUMNS.map((column) => row[`added_${column}`]),
      row.id,
    );
  return wrong.length;
}

function rebuildSlots(db: Connection): number {
  const wrong = db.all<{ id: string; expected: number }>(WRONG_SLOTS);
  for (const { id, expected } of wrong)
    db.run(
      'INSERT INTO slots (name, used) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET used = ?2',
      id,
      expected,
    );
  return wrong.length;
}
