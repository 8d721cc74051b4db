import type { IdempotencyClaim, IdempotencyRecord } from '../../port.ts';
import type { Connection } from '../connection.ts';

interface Row {
  readonly fingerprint: string;
  readonly target_id: string;
}

/** The record of a digest, unless it has expired. */
export function findIdempotency(db: Connection, digest: string, now: number): IdempotencyRecord | undefined {
  const row = db.get<Row>(
    `SELECT lower(hex(fingerprint)) AS fingerprint, target_id FROM idempotency
     WHERE digest = unhex(?) AND (expires_at IS NULL OR expires_at > ?)`,
    digest,
    now,
  );
  return row && { fingerprint: row.fingerprint, targetId: row.target_id };
}

/** What an earlier use of the key means for this one; undefined if there was none. */
export function consultIdempotency(db: Connection, claim: IdempotencyClaim, now: number) {
  const earlier = findIdempotency(db, claim.digest, now);
  if (earlier === undefined) return undefined;
  return earlier.fingerprint === claim.fingerprint
    ? ({ kind: 'replayed', targetId: earlier.targetId } as const)
    : ({ kind: 'idempotency_conflict' } as const);
}

/**
 * Stores what the key made. Runs in the transaction that looked the key up and found no live record, so it replaces at most an expired one.
 * It also removes two other expired records, so the table stays bounded without a sweep.
 */
export function recordIdempotency(
  db: Connection,
  claim: IdempotencyClaim,
  targetId: string,
  now: number,
): void {
  db.run(
    'INSERT OR REPLACE INTO idempotency (digest, fingerprint, target_id, expires_at) VALUES (unhex(?), unhex(?), ?, ?)',
    claim.digest,
    claim.fingerprint,
    targetId,
    claim.expiresAt,
  );
  if (claim.expiresAt === null) return;
  db.run(
    `DELETE FROM idempotency WHERE seq IN
       (SELECT seq FROM idempotency WHERE expires_at <= ? ORDER BY expires_at LIMIT 2)`,
    now,
  );
}
