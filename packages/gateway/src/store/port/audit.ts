import type { Json } from '../../domain/json.ts';
import type { Page } from './page.ts';

/** Something that the operator did, or was refused. Never holds a key or a secret. */
export interface AuditEntry {
  readonly id: string;
  readonly at: number;
  /** `admin-token:<fingerprint>`, `user:<name>` of the machine, or `file:<name>`. */
  readonly actor: string;
  /** What it was done with: `api` or `cli`; null: neither. */
  readonly client: string | null;
  /** Where the call came from; null where it was none. */
  readonly address: string | null;
  readonly requestId: string | null;
  /** `account.create`, `key.change`, … */
  readonly action: string;
  /** Id of what it was done to; empty where that was never made, or it is the whole gateway. */
  readonly target: string;
  /** `done`, `repeated` (it had been done before), or the canonical code by which it was refused. */
  readonly outcome: string;
  readonly detail: Json;
}

export interface AuditFilter {
  readonly target?: string;
  readonly action?: string;
}

export interface AuditStore {
  /** Kept for good: nothing changes or removes it. */
  recordAudit(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  /** Newest first. */
  auditEntries(filter: AuditFilter, limit: number, cursor?: string): Promise<Page<AuditEntry>>;
}
