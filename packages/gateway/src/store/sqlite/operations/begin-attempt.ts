import { GenlockError } from '../../../domain/error.ts';
import type { BeginAttempt } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { endAttempt, insertAttempt, leased } from './attempts.ts';
import { insertDeliveries } from './deliveries.ts';

/**
 * Writes the intent to call a provider, before the call. Refused if the lease is lost, and also if it has run out but nobody has claimed
 * the generation yet: another worker could claim it during the call, before there is an upstream id, and the call would become ambiguous
 * without need.
 *
 * An attempt that was begun and has no outcome yet may be begun again (a resend after a crash).
 */
export function beginAttempt(db: Connection, command: BeginAttempt): boolean {
  const lease = leased(db, command);
  if (lease === undefined || lease.due_at <= command.now) return false;
  if (command.ended !== undefined) endAttempt(db, lease.seq, command.ended, command.now);
  const begun = insertAttempt(db, lease.seq, command);
  if (begun === 0)
    throw new GenlockError('internal_error', undefined, { raw: `attempt ${command.n} is taken already` });
  db.run('UPDATE generations SET updated_at = ? WHERE seq = ?', command.now, lease.seq);
  insertDeliveries(db, command.deliveries ?? [], lease.seq);
  return true;
}
