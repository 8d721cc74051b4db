import { isDeepStrictEqual } from 'node:util';
import { type ModelChanges, type ModelPatch, mergeModelPatch } from '../../port.ts';
import type { Connection } from '../connection.ts';

export interface ModelOverrideChange {
  readonly dialect: string;
  readonly model: string;
  readonly changes: ModelChanges | null;
  readonly onlyIf?: Pick<ModelPatch, 'routes'> | undefined;
}

/** As with updateAccount: read, merged and written under one write lock. */
export function changeModelOverride(
  db: Connection,
  { dialect, model, changes, onlyIf }: ModelOverrideChange,
): ModelPatch | undefined {
  const sql = 'SELECT patch FROM model_overrides WHERE dialect = ? AND model = ?';
  const row = db.get<{ patch: string }>(sql, dialect, model);
  const before: ModelPatch = row === undefined ? {} : JSON.parse(row.patch);
  if (onlyIf !== undefined && !isDeepStrictEqual(before.routes, onlyIf.routes)) return undefined;
  const patch = mergeModelPatch(before, changes);
  if (Object.keys(patch).length === 0)
    db.run('DELETE FROM model_overrides WHERE dialect = ? AND model = ?', dialect, model);
  else
    db.run(
      'INSERT OR REPLACE INTO model_overrides (dialect, model, patch) VALUES (?, ?, ?)',
      dialect,
      model,
      JSON.stringify(patch),
    );
  return patch;
}
