import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { insertInto } from '../packages/gateway/src/store/sqlite/rows.ts';
import { CREATE_BODY } from './scenarios.ts';

/** Rows between two commits. */
const CHUNK = 100_000;

/** The id of the n-th seeded generation: the shape of a ULID, so that it sorts and is found like a real one. */
export function seededId(prefix: string, n: number): string {
  return prefix + n.toString().padStart(26, '0');
}

/**
 * Gives an account a history of `size` generations: of twenty, seventeen succeeded with one asset each, one failed, one was
 * canceled, one is still queued. Written straight into the file of a gateway that does not run, without holds or
 * transfers: what is measured on it are reads.
 */
export function seedHistory(dataDir: string, accountId: string, size: number): void {
  const db = new DatabaseSync(join(dataDir, 'genlock.db'));
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA foreign_keys = OFF');
  const generation = db.prepare(
    insertInto('generations', [
      'seq',
      'id',
      'account_id',
      'dialect',
      'key_id',
      'mode',
      'model',
      'kind',
      'status',
      'quote',
      'charged',
      'failure',
      'created_at',
      'updated_at',
      'started_at',
      'finished_at',
      'deadline_at',
      'due_at',
    ]),
  );
  const body = db.prepare(insertInto('generation_bodies', ['seq', 'input', 'request', 'metadata', 'price']));
  const asset = db.prepare(
    insertInto('assets', [
      'id',
      'account_id',
      'dialect',
      'mode',
      'generation',
      'position',
      'content_type',
      'bytes',
      'width',
      'height',
      'sha256',
      'blob',
      'created_at',
      'expires_at',
    ]),
  );
  const price = JSON.stringify({ unit: 'call', usd: 100_000 });
  const metadata = JSON.stringify({ order: 'A-17' });
  const failure = JSON.stringify({
    code: 'upstream_failed',
    message: 'The provider failed.',
    requestId: 'req_0',
  });
  const start = Date.now() - size;
  for (let first = 1; first <= size; first += CHUNK) {
    db.exec('BEGIN');
    for (let n = first; n < Math.min(first + CHUNK, size + 1); n += 1) {
      const at = start + n;
      const status =
        n % 20 === 0 ? 'queued' : n % 20 === 1 ? 'failed' : n % 20 === 2 ? 'canceled' : 'succeeded';
      const ended = status === 'queued' ? null : at;
      const model = n % 4 === 0 ? 'kiara-vogue' : 'kiara-image-pro';
      generation.run(
        n,
        seededId('gen_', n),
        accountId,
        'kiara',
        'key',
        'live',
        model,
        'image',
        status,
        100_000,
        status === 'succeeded' ? 100_000 : ended && 0,
        status === 'failed' ? failure : null,
        at,
        at,
        ended,
        ended,
        at + 600_000,
        at,
      );
      body.run(n, CREATE_BODY, CREATE_BODY, metadata, price);
      if (status === 'succeeded')
        asset.run(
          seededId('asset_', n),
          accountId,
          'kiara',
          'live',
          n,
          0,
          'image/jpeg',
          183_221,
          832,
          1216,
          n.toString(16).padStart(64, '0'),
          seededId('output_', n),
          at,
          at + 2_592_000_000,
        );
    }
    db.exec('COMMIT');
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}
