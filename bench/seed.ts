import { join } from 'node:path';
import type { Asset } from '../packages/gateway/src/store/port.ts';
import { Connection } from '../packages/gateway/src/store/sqlite/connection.ts';
import { insertAsset } from '../packages/gateway/src/store/sqlite/operations/assets.ts';
import {
  bodyValues,
  generationValues,
  INSERT_BODY,
  INSERT_GENERATION,
} from '../packages/gateway/src/store/sqlite/rows/generations.ts';
import { QUOTE, sampleAdmission } from './sample.ts';

/** The number of rows between two commits. */
const CHUNK = 100_000;
const MONTH_MS = 2_592_000_000;

/** The id of the n-th seeded generation, in the form of a ULID, so that it is sorted and found like a real one. */
export function seededId(prefix: string, n: number): string {
  return prefix + n.toString().padStart(26, '0');
}

/**
 * Gives an account a history of `size` generations: of twenty, seventeen succeeded with one asset each, one failed, one was canceled and
 * one is still queued. Written straight into the file of a gateway that is not running, without holds or transfers, because only reads are
 * measured.
 */
export function seedHistory(dataDir: string, accountId: string, size: number): void {
  const connection = new Connection({ path: join(dataDir, 'genlock.db') });
  connection.db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA foreign_keys = OFF');
  const start = Date.now() - size;
  for (let first = 1; first <= size; first += CHUNK) {
    connection.write(() => {
      for (let n = first; n < Math.min(first + CHUNK, size + 1); n += 1)
        insertOne(connection, accountId, n, start + n);
    });
  }
  connection.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  connection.close();
}

const FAILURE = JSON.stringify({
  code: 'upstream_failed',
  message: 'The provider failed.',
  requestId: 'req_00000000000000000000000000',
});

function insertOne(db: Connection, accountId: string, n: number, at: number): void {
  const admission = sampleAdmission({
    id: seededId('gen_', n),
    accountId,
    keyId: 'key_0',
    kind: 'image',
    model: n % 4 === 0 ? 'kiara-vogue' : 'kiara-image-pro',
    at,
  });
  const seq = db.insert(INSERT_GENERATION, ...generationValues(admission));
  db.run(INSERT_BODY, seq, ...bodyValues(admission.generation));
  const status = STATUS[n % 20] ?? 'succeeded';
  if (status === 'queued') return;
  db.run(
    'UPDATE generations SET status = ?, charged = ?, failure = ?, started_at = ?, finished_at = ? WHERE seq = ?',
    status,
    status === 'succeeded' ? QUOTE : 0,
    status === 'failed' ? FAILURE : null,
    at,
    at,
    seq,
  );
  if (status === 'succeeded') insertAsset(db, assetOf(accountId, n, at), seq);
}

const STATUS: Readonly<Record<number, 'queued' | 'failed' | 'canceled'>> = {
  0: 'queued',
  1: 'failed',
  2: 'canceled',
};

function assetOf(accountId: string, n: number, at: number): Asset {
  return {
    id: seededId('asset_', n),
    accountId,
    dialect: 'kiara',
    mode: 'live',
    generationId: seededId('gen_', n),
    index: 0,
    contentType: 'image/jpeg',
    bytes: 183_221,
    width: 832,
    height: 1216,
    durationSeconds: null,
    fps: null,
    hasSound: null,
    sha256: n.toString(16).padStart(64, '0'),
    blob: seededId('output_', n),
    createdAt: at,
    expiresAt: at + MONTH_MS,
  };
}
