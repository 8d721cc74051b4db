import type { AccountStore } from './accounts.ts';
import type { AdmissionStore } from './admission.ts';
import type { AssetStore } from './assets.ts';
import type { AttemptStore } from './attempts.ts';
import type { AuditStore } from './audit.ts';
import type { Backlog } from './backlog.ts';
import type { StoreEvent } from './events.ts';
import type { GenerationStore } from './generations.ts';
import type { LedgerStore } from './ledger.ts';
import type { ModelStore } from './models.ts';
import type { WebhookStore } from './webhooks.ts';
import type { WorkStore } from './work.ts';

/**
 * Durable storage as the gateway needs it. Every write is one atomic operation, which is durable when its promise resolves; no operation is
 * split over two calls. Times are milliseconds since 1970 and are always given by the caller, so a store has no clock of its own. Unknown
 * ids read as undefined. Lists are keyset-paged: a cursor is opaque, and `null` marks the end. A store that cannot be reached rejects with
 * GenlockError `storage_unavailable`. Nothing was done then, unless its `accepted` is `maybe`: the answer of a write was lost, and the
 * write may have been done.
 */
export interface Store
  extends AccountStore,
    AdmissionStore,
    WorkStore,
    GenerationStore,
    AttemptStore,
    AssetStore,
    LedgerStore,
    WebhookStore,
    ModelStore,
    AuditStore {
  /** For metrics. Each count stops at `most`, and the sum of the holds stops with their count. */
  backlog(most: number): Promise<Backlog>;
  subscribe(listener: (event: StoreEvent) => void): () => void;
  close(): Promise<void>;
}
