import type { Connection } from '../connection.ts';

/**
 * Takes its pending deliveries from whoever is sending them: under the same write lock, none is left over. The log of each
 * tells why it failed, at the time of the attempt that is not made any more.
 */
export function deleteEndpoint(db: Connection, id: string): boolean {
  if (db.run('DELETE FROM webhook_endpoints WHERE id = ?', id) === 0) return false;
  db.run(
    `UPDATE deliveries SET
       attempts = json_insert(attempts, '$[#]',
         json_object('at', next_attempt_at, 'status', NULL, 'error', 'the endpoint was deleted')),
       status = 'failed', next_attempt_at = NULL, due_at = NULL, worker = NULL, sealed_secret = NULL
     WHERE endpoint_id = ? AND status = 'pending'`,
    id,
  );
  return true;
}
