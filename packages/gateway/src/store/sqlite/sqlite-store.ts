import type { Store } from '../port.ts';
import { accountStore } from './parts/accounts.ts';
import { admissionStore } from './parts/admission.ts';
import { assetStore } from './parts/assets.ts';
import { attemptStore } from './parts/attempts.ts';
import { auditStore } from './parts/audit.ts';
import { generationStore } from './parts/generations.ts';
import { ledgerStore } from './parts/ledger.ts';
import { modelStore } from './parts/models.ts';
import { webhookStore } from './parts/webhooks.ts';
import { workStore } from './parts/work.ts';
import { backlog } from './reads/backlog.ts';
import { type SqliteOptions, StoreFile } from './store-file.ts';

/**
 * The embedded store: one file that several processes may share. Each file of `parts/` is a theme of the port and says for each call
 * whether the writer does it (`operations/`), whether it is read at once (`reads/`), or in a thread of its own (`reports/`).
 *
 * @throws GenlockError `storage_unavailable` if the file cannot be opened or belongs to a newer version of the program
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const file = await StoreFile.open(options);
  return {
    ...accountStore(file),
    ...admissionStore(file),
    ...workStore(file),
    ...generationStore(file),
    ...attemptStore(file),
    ...assetStore(file),
    ...ledgerStore(file),
    ...webhookStore(file),
    ...modelStore(file),
    ...auditStore(file),
    backlog: (most) => file.read((db) => backlog(db, most)),
    subscribe: (listener) => file.subscribe(listener),
    close: () => file.close(),
  };
}
