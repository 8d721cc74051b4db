import type { PostponeCommand } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { endAttempt, leased } from './attempts.ts';

/** Gives the lease back until `dueAt`. Check and write share the write lock, so a lost lease changes nothing. */
export function postpone(db: Connection, command: PostponeCommand): boolean {
  const lease = leased(db, command);
  if (lease === undefined) return false;
  if (command.attempt !== undefined) endAttempt(db, lease.seq, command.attempt, command.now);
  db.run(
    'UPDATE generations SET worker = NULL, due_at = ?, updated_at = ? WHERE seq = ?',
    command.dueAt,
    command.now,
    lease.seq,
  );
  return true;
}
