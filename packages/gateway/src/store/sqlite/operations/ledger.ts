import type { Funds } from '../../../domain/funds.ts';
import type { Balance, TransferType } from '../../port.ts';
import type { Connection } from '../connection.ts';

type BalanceRow = Record<
  'subscription_funds' | 'permanent_funds' | 'subscription_held' | 'permanent_held',
  number
>;

export function accountFunds(db: Connection, accountId: string): Balance | undefined {
  const row = db.get<BalanceRow>(
    'SELECT subscription_funds, permanent_funds, subscription_held, permanent_held FROM accounts WHERE id = ?',
    accountId,
  );
  return (
    row && {
      funds: { subscription: row.subscription_funds, permanent: row.permanent_funds },
      held: { subscription: row.subscription_held, permanent: row.permanent_held },
    }
  );
}

/** Appends to the ledger and returns the seq. The caller updates the balance of the account in the same transaction. */
export function insertTransfer(
  db: Connection,
  transfer: {
    readonly accountId: string;
    readonly type: TransferType;
    readonly funds: Funds;
    readonly generation: number | null;
    readonly reference: string | null;
    readonly at: number;
  },
): number {
  return db.insert(
    `INSERT INTO transfers (account_id, type, subscription, permanent, generation, reference, at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    transfer.accountId,
    transfer.type,
    transfer.funds.subscription,
    transfer.funds.permanent,
    transfer.generation,
    transfer.reference,
    transfer.at,
  );
}

/** Adds new money to the account, with its transfer. Returns the seq of the transfer. */
export function credit(
  db: Connection,
  accountId: string,
  funds: Funds,
  reference: string | null,
  now: number,
): number {
  db.run(
    'UPDATE accounts SET subscription_funds = subscription_funds + ?, permanent_funds = permanent_funds + ? WHERE id = ?',
    funds.subscription,
    funds.permanent,
    accountId,
  );
  return insertTransfer(db, { accountId, type: 'top_up', funds, generation: null, reference, at: now });
}
