import type { Mode } from '../../domain/generation.ts';
import type { ClaimCommand } from './lease.ts';
import type { Page } from './page.ts';

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** A webhook to be sent, written in the same operation as the change that it announces. */
export interface NewDelivery {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly generationId: string | null;
  /** The endpoint that the operator set up; null if the caller gave the URL with the job. */
  readonly endpointId: string | null;
  readonly event: string;
  readonly url: string;
  /** The sealed secret that came with the job, if it is not stored elsewhere; else null. Deleted once the delivery has ended. */
  readonly sealedSecret: string | null;
  /** The exact bytes (UTF-8) that every attempt sends. */
  readonly body: string;
  readonly createdAt: number;
}

export interface DeliveryAttempt {
  readonly at: number;
  /** HTTP status of the receiver; null if there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface Delivery extends NewDelivery {
  readonly status: DeliveryStatus;
  readonly attempts: readonly DeliveryAttempt[];
  /** The trace context of its generation. */
  readonly traceparent: string | null;
  readonly nextAttemptAt: number | null;
}

export interface DeliveryResult {
  readonly id: string;
  readonly worker: string;
  readonly attempt: DeliveryAttempt;
  readonly status: DeliveryStatus;
  /** Set while the status is `pending`. */
  readonly nextAttemptAt: number | null;
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly url: string;
  /** Empty: all events. */
  readonly events: readonly string[];
  /** Sealed with GENLOCK_SECRET, newest first. During a rotation the old secrets sign as well. */
  readonly secrets: readonly EndpointSecret[];
  /** `disabled`: by its owner, or because the receiver answered that it is gone (410). */
  readonly status: 'active' | 'disabled';
  readonly createdAt: number;
}

export interface EndpointSecret {
  readonly sealed: string;
  /** null: the current secret. */
  readonly expiresAt: number | null;
}

export type EndpointPatch = {
  readonly [field in 'url' | 'events' | 'status']?: WebhookEndpoint[field];
} & {
  /**
   * Becomes the current secret. The previous one stays valid until `oldUntil` (null: ends at once). Secrets that were already being
   * replaced are dropped.
   */
  readonly newSecret?: { readonly sealed: string; readonly oldUntil: number | null };
};

/** Deliveries, the endpoints that receive them, and the secrets that sign them. */
export interface WebhookStore {
  claimDeliveries(command: ClaimCommand): Promise<readonly Delivery[]>;
  recordDelivery(result: DeliveryResult): Promise<boolean>;
  deliveries(generationId: string): Promise<readonly Delivery[]>;
  delivery(id: string): Promise<Delivery | undefined>;
  /** Makes it pending again and due now. The log of its attempts is kept. */
  redeliver(id: string, now: number): Promise<Delivery | undefined>;
  createEndpoint(endpoint: WebhookEndpoint): Promise<void>;
  endpoint(id: string): Promise<WebhookEndpoint | undefined>;
  endpoints(accountId: string, dialect: string): Promise<readonly WebhookEndpoint[]>;
  updateEndpoint(id: string, patch: EndpointPatch): Promise<WebhookEndpoint | undefined>;
  /** Its deliveries stay in the log; pending ones fail. */
  deleteEndpoint(id: string): Promise<boolean>;
  /** Newest first. */
  deliveriesOf(endpointId: string, limit: number, cursor?: string): Promise<Page<Delivery>>;
  /** The account's secret for a dialect and mode. If there is none yet, `makeSealed` is stored and returned. */
  webhookSecret(accountId: string, dialect: string, mode: Mode, makeSealed: string): Promise<string>;
  replaceWebhookSecret(accountId: string, dialect: string, mode: Mode, sealed: string): Promise<void>;
}
