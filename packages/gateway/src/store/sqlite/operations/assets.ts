import type { Asset } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { insertInto } from '../rows/insert-into.ts';

const INSERT = insertInto('assets', [
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
  'duration_seconds',
  'fps',
  'has_sound',
  'sha256',
  'blob',
  'created_at',
  'expires_at',
]);

export function insertAsset(db: Connection, asset: Asset, generation: number | null): void {
  db.run(
    INSERT,
    asset.id,
    asset.accountId,
    asset.dialect,
    asset.mode,
    generation,
    asset.index,
    asset.contentType,
    asset.bytes,
    asset.width,
    asset.height,
    asset.durationSeconds,
    asset.fps,
    asset.hasSound === null ? null : Number(asset.hasSound),
    asset.sha256,
    asset.blob,
    asset.createdAt,
    asset.expiresAt,
  );
}
