import type { Account } from '../../port.ts';
import type { Connection } from '../connection.ts';

export function createAccount(db: Connection, account: Account): void {
  db.run(
    'INSERT INTO accounts (id, name, plan, status, limits, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    account.id,
    account.name,
    account.plan,
    account.status,
    JSON.stringify(account.limits),
    account.createdAt,
  );
}
