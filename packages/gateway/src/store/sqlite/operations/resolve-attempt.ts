import type { ResolveAttempt } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** A single statement, which finds only an attempt that is still open: of two findings the first counts. */
export function resolveAttempt(db: Connection, command: ResolveAttempt): boolean {
  const changed = db.run(
    `UPDATE attempts SET outcome = ?, upstream_id = coalesce(upstream_id, ?), cost = coalesce(?, cost), ended_at = ?
     WHERE generation = (SELECT seq FROM generations WHERE id = ?) AND n = ? AND outcome IN ('abandoned', 'outcome_unknown')`,
    command.outcome,
    command.upstreamId ?? null,
    command.cost ?? null,
    command.outcome === 'abandoned' ? null : command.now,
    command.generationId,
    command.n,
  );
  return changed > 0;
}
