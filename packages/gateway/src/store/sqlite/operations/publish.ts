import type { PublishedModel } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** Runs in the transaction of the settlement: the model exists exactly if its work has succeeded. */
export function publish(db: Connection, model: PublishedModel): void {
  db.run(
    `INSERT INTO published_models
       (dialect, id, account_id, name, kind, base, route_provider, route_model, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    model.dialect,
    model.id,
    model.accountId,
    model.name,
    model.kind,
    model.base,
    model.route.provider,
    model.route.model,
    model.createdAt,
  );
}
