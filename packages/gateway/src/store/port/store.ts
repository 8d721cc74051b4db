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
 * What the gateway needs of durable storage. Every write is one atomic operation that is durable when its promise
 * resolves; none is split over two calls. Times are milliseconds since 1970 and always given by the caller, so that a
 * store has no clock of its own. Unknown ids read as undefined. Lists are keyset-paged: a cursor is opaque, `null` is the
 * end. A store that cannot be reached rejects with GenlockError `storage_unavailable`.
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
  /** For measurements: each count, and the sum of holds with it, stops at `most`. */
  backlog(most: number): Promise<Backlog>;
  subscribe(listener: (event: StoreEvent) => void): () => void;
  close(): Promise<void>;
}
