import type { ModelOverride, PublishedModel } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type PublishedModelRow, toPublishedModel } from '../rows/models.ts';

export function modelOverrides(db: Connection): readonly ModelOverride[] {
  return db
    .all<{ dialect: string; model: string; patch: string }>(
      'SELECT dialect, model, patch FROM model_overrides ORDER BY dialect, model',
    )
    .map(({ dialect, model, patch }) => ({ dialect, model, patch: JSON.parse(patch) }));
}

export function publishedModel(db: Connection, dialect: string, id: string): PublishedModel | undefined {
  const row = db.get<PublishedModelRow>(
    'SELECT * FROM published_models WHERE dialect = ? AND id = ?',
    dialect,
    id,
  );
  return row && toPublishedModel(row);
}

/** Oldest first. */
export function publishedModels(
  db: Connection,
  accountId: string,
  dialect: string,
): readonly PublishedModel[] {
  return db
    .all<PublishedModelRow>(
      'SELECT * FROM published_models WHERE account_id = ? AND dialect = ? ORDER BY rowid',
      accountId,
      dialect,
    )
    .map(toPublishedModel);
}
