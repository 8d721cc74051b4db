import type { Asset } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { ASSET_COLUMNS, type AssetRow, toAsset } from '../rows/assets.ts';

export function asset(db: Connection, id: string): Asset | undefined {
  const row = db.get<AssetRow>(`SELECT ${ASSET_COLUMNS} FROM assets a WHERE a.id = ?`, id);
  return row && toAsset(row);
}

export function assetsOf(db: Connection, generationId: string): readonly Asset[] {
  return db
    .all<AssetRow>(
      `SELECT ${ASSET_COLUMNS} FROM assets a
       WHERE a.generation = (SELECT seq FROM generations WHERE id = ?) ORDER BY a.position`,
      generationId,
    )
    .map(toAsset);
}

export function assetsOfMany(
  db: Connection,
  generationIds: readonly string[],
): ReadonlyMap<string, readonly Asset[]> {
  const rows = db.all<AssetRow>(
    `SELECT ${ASSET_COLUMNS} FROM assets a
     WHERE a.generation IN (SELECT seq FROM generations WHERE id IN (SELECT value FROM json_each(?)))
     ORDER BY a.generation, a.position`,
    JSON.stringify(generationIds),
  );
  const byGeneration = new Map<string, Asset[]>();
  for (const row of rows) {
    const id = row.generation_id ?? '';
    const own = byGeneration.get(id);
    if (own === undefined) byGeneration.set(id, [toAsset(row)]);
    else own.push(toAsset(row));
  }
  return byGeneration;
}

export function knownBlobs(db: Connection, blobs: readonly string[]): readonly string[] {
  return db
    .all<{ blob: string }>(
      'SELECT value AS blob FROM json_each(?) WHERE EXISTS (SELECT 1 FROM assets WHERE blob = value)',
      JSON.stringify(blobs),
    )
    .map((row) => row.blob);
}
