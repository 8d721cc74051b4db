import type { ReconcileReport } from '../port.ts';
import { Connection } from './connection.ts';
import { reconcile } from './reports/reconcile.ts';

/** Reconciles a database in one snapshot, also while a gateway is using it. Writes nothing and blocks nobody. */
export function reconcileFile(path: string): ReconcileReport {
  const db = new Connection({ path, readOnly: true });
  try {
    return db.snapshot(() => reconcile(db));
  } finally {
    db.close();
  }
}
