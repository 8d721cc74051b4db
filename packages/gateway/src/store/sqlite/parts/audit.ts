import type { AuditStore } from '../../port.ts';
import { auditEntries } from '../reads/audit.ts';
import type { StoreFile } from '../store-file.ts';

export function auditStore(file: StoreFile): AuditStore {
  return {
    recordAudit: (entry) => file.write('recordAudit', entry),
    auditEntries: (filter, limit, cursor) => file.read((db) => auditEntries(db, filter, limit, cursor)),
  };
}
