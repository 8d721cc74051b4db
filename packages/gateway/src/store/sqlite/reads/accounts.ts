import type { Account, ApiKey, KeyWithAccount } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type AccountRow, type KeyRow, toAccount, toKey } from '../rows/accounts.ts';

export function account(db: Connection, id: string): Account | undefined {
  const row = db.get<AccountRow>('SELECT * FROM accounts WHERE id = ?', id);
  return row && toAccount(row);
}

export function key(db: Connection, id: string): ApiKey | undefined {
  const row = db.get<KeyRow>('SELECT * FROM api_keys WHERE id = ?', id);
  return row && toKey(row);
}

export function keyByHash(db: Connection, sha256: string): KeyWithAccount | undefined {
  // An unknown key needs no transaction.
  if (db.get('SELECT 1 FROM api_keys WHERE sha256 = ?', sha256) === undefined) return undefined;
  return db.snapshot(() => {
    const row = db.get<KeyRow>('SELECT * FROM api_keys WHERE sha256 = ?', sha256);
    const owner = row && account(db, row.account_id);
    return owner && { key: toKey(row), account: owner };
  });
}
