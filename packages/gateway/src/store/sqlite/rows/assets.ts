import type { Mode } from '../../../domain/generation.ts';
import type { Asset } from '../../port.ts';

/** What {@link ASSET_COLUMNS} selects. */
export interface AssetRow {
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly generation_id: string | null;
  readonly position: number;
  readonly content_type: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_seconds: number | null;
  readonly fps: number | null;
  readonly has_sound: number | null;
  readonly sha256: string;
  readonly blob: string;
  readonly created_at: number;
  readonly expires_at: number;
}

export const ASSET_COLUMNS = `a.id, a.account_id, a.dialect, a.mode,
  (SELECT id FROM generations WHERE seq = a.generation) AS generation_id, a.position, a.content_type, a.bytes, a.width,
  a.height, a.duration_seconds, a.fps, a.has_sound, a.sha256, a.blob, a.created_at, a.expires_at`;

export function toAsset(row: AssetRow): Asset {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    mode: row.mode,
    generationId: row.generation_id,
    index: row.position,
    contentType: row.content_type,
    bytes: row.bytes,
    width: row.width,
    height: row.height,
    durationSeconds: row.duration_seconds,
    fps: row.fps,
    hasSound: row.has_sound === null ? null : row.has_sound === 1,
    sha256: row.sha256,
    blob: row.blob,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
