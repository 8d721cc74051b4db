import type { Progress } from '../../../domain/generation.ts';
import type { Lease } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** A single statement, which finds the row only while the lease is held. */
export function noteProgress(
  db: Connection,
  { lease, progress }: { lease: Lease; progress: Progress },
): boolean {
  const changed = db.run(
    'UPDATE generations SET progress = ? WHERE id = ? AND worker = ? AND finished_at IS NULL',
    JSON.stringify(progress),
    lease.generationId,
    lease.worker,
  );
  return changed > 0;
}
