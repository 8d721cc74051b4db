import { NO_FUNDS } from '../../../domain/funds.ts';
import type { TopUpCommand, TopUpResult } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { TRANSFER_COLUMNS, type TransferRow, toTransfer, transferId } from '../rows/ledger.ts';
import { accountFunds, credit } from './ledger.ts';

/**
 * Credits an account once for each reference: look-up and credit share the write lock, and the unique index on (account, reference) secures
 * it as well.
 */
export function topUp(db: Connection, command: TopUpCommand): TopUpResult {
  const { accountId, amount, bucket, reference, now } = command;
  if (accountFunds(db, accountId) === undefined) return { kind: 'account_unknown' };
  const funds = { ...NO_FUNDS, [bucket]: amount };

  const earlier = reference === null ? undefined : creditedBy(db, accountId, reference);
  if (earlier !== undefined)
    return earlier[bucket] === amount
      ? { kind: 'repeated', transfer: toTransfer(earlier) }
      : { kind: 'reference_conflict' };

  const seq = credit(db, accountId, funds, reference, now);
  return {
    kind: 'credited',
    transfer: {
      id: transferId(seq),
      accountId,
      type: 'top_up',
      funds,
      generationId: null,
      reference,
      at: now,
    },
  };
}

export function creditedBy(db: Connection, accountId: string, reference: string): TransferRow | undefined {
  return db.get<TransferRow>(
    `SELECT ${TRANSFER_COLUMNS} FROM transfers t WHERE t.account_id = ? AND t.reference = ? AND t.type = 'top_up'`,
    accountId,
    reference,
  );
}
