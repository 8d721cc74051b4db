import { GenlockError } from '../../../domain/error.ts';
import { type Funds, resolveHold, total } from '../../../domain/funds.ts';
import { canBecome, type Status } from '../../../domain/generation.ts';
import type { SettleCommand, SettleResult } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { insertAsset } from './assets.ts';
import { abandonAttempts, endAttempt } from './attempts.ts';
import { insertDeliveries } from './deliveries.ts';
import { insertTransfer } from './ledger.ts';
import { publish } from './publish.ts';

interface Row {
  readonly seq: number;
  readonly account_id: string;
  readonly status: Status;
  readonly worker: string | null;
  readonly slots: string | null;
}

/**
 * Ends a generation, at most once: its status is read and written under the same write lock, and only an unfinished one passes. That
 * decides between two simultaneous settlements; beyond that, a second capture or release would violate the unique index on transfers and
 * roll back the transaction.
 */
export function settle(db: Connection, command: SettleCommand): SettleResult {
  const { outcome, now } = command;
  const row = db.get<Row>(
    'SELECT seq, account_id, status, worker, slots FROM generations WHERE id = ?',
    command.generationId,
  );
  if (row === undefined) throw new GenlockError('not_found');
  const mayEnd =
    canBecome(row.status, outcome.status) &&
    (command.worker === undefined || command.worker === row.worker) &&
    (command.onlyIf === undefined || command.onlyIf === row.status);
  if (!mayEnd) return { kind: 'refused', status: row.status };

  const charged = resolve(db, row, outcome.charge ?? 0, now);
  db.run(
    `UPDATE generations SET status = ?, charged = ?, delivered = ?, failure = ?, updated_at = ?, finished_at = ?, worker = NULL
     WHERE seq = ?`,
    outcome.status,
    charged,
    outcome.delivered === undefined ? null : JSON.stringify(outcome.delivered),
    outcome.status === 'failed' ? JSON.stringify(outcome.failure) : null,
    now,
    now,
    row.seq,
  );
  if (command.attempt !== undefined) endAttempt(db, row.seq, command.attempt, now);
  if (command.worker === undefined) abandonAttempts(db, row.seq);
  if (outcome.status === 'succeeded') {
    for (const asset of outcome.assets) insertAsset(db, asset, row.seq);
    if (outcome.publish !== undefined) publish(db, outcome.publish);
  }
  if (command.forgetSecret === true)
    db.run(
      `UPDATE generation_bodies SET webhook = json_remove(webhook, '$.sealedSecret') WHERE seq = ?`,
      row.seq,
    );
  freeSlots(db, row.slots);
  insertDeliveries(db, command.deliveries, row.seq);
  return { kind: 'settled' };
}

/** Captures the charge, at most the hold, and returns the rest to its buckets. Returns what was captured. */
function resolve(db: Connection, row: Row, charge: number, at: number): number {
  const held = db.get<Funds>(
    `SELECT subscription, permanent FROM transfers WHERE generation = ? AND type = 'hold' AND type IN ('hold', 'capture', 'release')`,
    row.seq,
  );
  if (held === undefined) return 0;
  const { captured, released } = resolveHold(held, charge);
  db.run(
    `UPDATE accounts SET
       subscription_funds = subscription_funds - ?, permanent_funds = permanent_funds - ?,
       subscription_held = subscription_held - ?, permanent_held = permanent_held - ?
     WHERE id = ?`,
    captured.subscription,
    captured.permanent,
    held.subscription,
    held.permanent,
    row.account_id,
  );
  const transfer = { accountId: row.account_id, generation: row.seq, reference: null, at };
  if (total(captured) > 0) insertTransfer(db, { ...transfer, type: 'capture', funds: captured });
  if (total(released) > 0) insertTransfer(db, { ...transfer, type: 'release', funds: released });
  return total(captured);
}

/** Frees exactly the slots that this generation took; the CHECK on `used` refuses values below zero. */
function freeSlots(db: Connection, slots: string | null): void {
  if (slots === null) return;
  const names: readonly string[] = JSON.parse(slots);
  for (const name of names) db.run('UPDATE slots SET used = used - 1 WHERE name = ?', name);
}
