import { GenlockError } from '../../../domain/error.ts';
import type { Asset } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { insertAsset } from './assets.ts';

export function createAsset(db: Connection, asset: Asset): void {
  insertAsset(db, asset, asset.generationId === null ? null : seqOf(db, asset.generationId));
}

function seqOf(db: Connection, generationId: string): number {
  const row = db.get<{ seq: number }>('SELECT seq FROM generations WHERE id = ?', generationId);
  if (row === undefined) throw new GenlockError('not_found');
  return row.seq;
}
