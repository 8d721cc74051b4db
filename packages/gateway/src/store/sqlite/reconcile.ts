import type { ReconcileReport } from '../port.ts';
import { Connection } from './connection.ts';
import { reconcile } from './reports/reconcile.ts';

/** Reconciles a database that some gateway may be working on, in one snapshot, writing nothing and holding nobody up. */
export function reconcileFile(path: string): ReconcileReport {
  const db = new Connection({ path, readOnly: true });
  try {
    return db.snapshot(() => reconcile(db));
  } finally {
    db.close();
  }
}
