import type { Json } from '../../domain/json.ts';
import type { Page } from './page.ts';

/** Something that the operator did or was refused. Never contains a key or a secret. */
export interface AuditEntry {
  readonly id: string;
  readonly at: number;
  /** `admin-token:<fingerprint>`, `user:<name>` (a user of the machine) or `file:<name>`. */
  readonly actor: string;
  /** The client: `api` or `cli`; null: neither. */
  readonly client: string | null;
  /** The address that the call came from; null if it was not an HTTP call. */
  readonly address: string | null;
  readonly requestId: string | null;
  /** `account.create`, `key.change`, … */
  readonly action: string;
  /** The id of the object; empty if it was never made or if the action concerns the whole gateway. */
  readonly target: string;
  /** `done`, `repeated` (it had been done before), or the canonical code of the refusal. */
  readonly outcome: string;
  readonly detail: Json;
}

export interface AuditFilter {
  readonly target?: string;
  readonly action?: string;
}

export interface AuditStore {
  /** Entries are permanent: nothing changes or removes them. */
  recordAudit(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  /** Newest first. */
  auditEntries(filter: AuditFilter, limit: number, cursor?: string): Promise<Page<AuditEntry>>;
}
