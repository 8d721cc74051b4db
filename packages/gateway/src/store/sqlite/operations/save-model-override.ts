import type { ModelOverride } from '../../port.ts';
import type { Connection } from '../connection.ts';

export function saveModelOverride(db: Connection, { dialect, model, patch }: ModelOverride): void {
  if (Object.keys(patch).length === 0)
    db.run('DELETE FROM model_overrides WHERE dialect = ? AND model = ?', dialect, model);
  else
    db.run(
      'INSERT OR REPLACE INTO model_overrides (dialect, model, patch) VALUES (?, ?, ?)',
      dialect,
      model,
      JSON.stringify(patch),
    );
}
