import { type ModelChanges, type ModelPatch, mergeModelPatch } from '../../port.ts';
import type { Connection } from '../connection.ts';

export interface ModelOverrideChange {
  readonly dialect: string;
  readonly model: string;
  readonly changes: ModelChanges | null;
}

/** As with updateAccount: read, merged and written under one write lock. */
export function changeModelOverride(
  db: Connection,
  { dialect, model, changes }: ModelOverrideChange,
): ModelPatch {
  const sql = 'SELECT patch FROM model_overrides WHERE dialect = ? AND model = ?';
  const row = db.get<{ patch: string }>(sql, dialect, model);
  const patch = mergeModelPatch(row === undefined ? {} : JSON.parse(row.patch), changes);
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
