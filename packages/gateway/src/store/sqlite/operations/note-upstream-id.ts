import type { Lease } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { leased } from './attempts.ts';

/** Only under the lease, which is checked under the same write lock. */
export function noteUpstreamId(
  db: Connection,
  { lease, n, upstreamId, lostCalls }: { lease: Lease; n: number; upstreamId: string; lostCalls: number },
): boolean {
  const held = leased(db, lease);
  if (held === undefined) return false;
  db.run(
    'UPDATE attempts SET upstream_id = ?, lost_calls = max(lost_calls, ?) WHERE generation = ? AND n = ?',
    upstreamId,
    lostCalls,
    held.seq,
    n,
  );
  return true;
}
