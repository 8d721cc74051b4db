import type { DeliveryResult } from '../../port.ts';
import type { Connection } from '../connection.ts';

/**
 * A single statement, which changes the row only while the worker's name is on it, so a lost lease changes nothing. A secret that came with
 * the job is deleted once the delivery has ended.
 */
export function recordDelivery(db: Connection, result: DeliveryResult): boolean {
  const next = result.status === 'pending' ? (result.nextAttemptAt ?? result.attempt.at) : null;
  const changed = db.run(
    `UPDATE deliveries SET
       attempts = json_insert(attempts, '$[#]', json(?)), status = ?, next_attempt_at = ?, due_at = ?, worker = NULL,
       sealed_secret = CASE WHEN ? = 'pending' THEN sealed_secret END
     WHERE id = ? AND worker = ?`,
    JSON.stringify(result.attempt),
    result.status,
    next,
    next,
    result.status,
    result.id,
    result.worker,
  );
  return changed > 0;
}
