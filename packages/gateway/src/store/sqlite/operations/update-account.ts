import { type Account, type AccountPatch, mergeLimits } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type AccountRow, toAccount } from '../rows/accounts.ts';
import { markAccessChange } from './access-revision.ts';

/** Reads, merges and writes under one write lock, so that of two simultaneous patches neither undoes the other's fields or limits. */
export function updateAccount(
  db: Connection,
  { id, patch }: { id: string; patch: AccountPatch },
): Account | undefined {
  const row = db.get<AccountRow>('SELECT * FROM accounts WHERE id = ?', id);
  if (row === undefined) return undefined;
  const current = toAccount(row);
  const { limits = {}, ...fields } = patch;
  const account: Account = { ...current, ...fields, limits: mergeLimits(current.limits, limits) };
  db.run(
    'UPDATE accounts SET name = ?, plan = ?, status = ?, limits = ? WHERE id = ?',
    account.name,
    account.plan,
    account.status,
    JSON.stringify(account.limits),
    id,
  );
  markAccessChange(db);
  return account;
}
