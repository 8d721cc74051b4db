import { Connection } from './connection.ts';
import { BALANCES, type BalanceRow, COLUMNS, WRONG_SLOTS } from './reports/reconcile.ts';

export interface Rebuilt {
  /** Accounts whose balances were wrong. */
  readonly balances: number;
  /** Counters of unfinished work that were wrong. */
  readonly slots: number;
}

/**
 * Writes the projections of the ledger anew: balances from transfers, slots from unfinished generations. One transaction under the
 * write lock, so that a gateway may run on the database.
 *
 * @throws what SQLite says where the transfers themselves cannot be right, such as a sum below zero; nothing is changed then
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
