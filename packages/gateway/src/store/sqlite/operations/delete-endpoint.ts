import type { Connection } from '../connection.ts';

/**
 * Also takes its pending deliveries away from whoever is sending them. Under the same write lock none can be missed. The log of each says
 * why it failed, with the time of the attempt that is no longer made.
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
