import type { LedgerStore } from '../../port.ts';
import { ledger, pendingTopUp, transfersOf } from '../reads/ledger.ts';
import type { StoreFile } from '../store-file.ts';

export function ledgerStore(file: StoreFile): LedgerStore {
  return {
    topUp: (command) => file.write('topUp', command),
    ledger: (accountId, limit, cursor) => file.read((db) => ledger(db, accountId, limit, cursor)),
    transfersOf: (generationId) => file.read((db) => transfersOf(db, generationId)),
    createPendingTopUp: (topUp, idempotency) => file.write('createPendingTopUp', { topUp, idempotency }),
    pendingTopUp: (id, now) => file.read((db) => pendingTopUp(db, id, now)),
    confirmTopUp: (id, now) => file.write('confirmTopUp', { id, now }),
    reconcile: () => file.operatorReports.run('reconcile', undefined),
  };
}
