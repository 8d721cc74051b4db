import type { Mode } from '../../domain/generation.ts';
import type { ClaimCommand } from './lease.ts';
import type { Page } from './page.ts';

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** A webhook to be sent, written in the same operation as what it tells of. */
export interface NewDelivery {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly generationId: string | null;
  /** The endpoint that the operator set up; null when the caller named the URL with the job. */
  readonly endpointId: string | null;
  readonly event: string;
  readonly url: string;
  /** A secret that came with the job and is not kept elsewhere, sealed; else null. Forgotten once the delivery has ended. */
  readonly sealedSecret: string | null;
  /** The exact bytes that every attempt sends (UTF-8). */
  readonly body: string;
  readonly createdAt: number;
}

export interface DeliveryAttempt {
  readonly at: number;
  /** HTTP status of the receiver, or null when there was no answer. */
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
  /** Set when status is `pending`. */
  readonly nextAttemptAt: number | null;
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly url: string;
  /** Empty: all events. */
  readonly events: readonly string[];
  /** Sealed with GENLOCK_SECRET; newest first. While a secret is being rotated, the old ones still sign too. */
  readonly secrets: readonly EndpointSecret[];
  /** `disabled`: by its owner, or because the receiver answered that it is gone. */
  readonly status: 'active' | 'disabled';
  readonly createdAt: number;
}

export interface EndpointSecret {
  readonly sealed: string;
  /** null: the current one. */
  readonly expiresAt: number | null;
}

export type EndpointPatch = {
  readonly [field in 'url' | 'events' | 'status']?: WebhookEndpoint[field];
} & {
  /** Becomes the current one; the one that was stays good until `oldUntil`, null: no longer. What was being replaced already is forgotten. */
  readonly newSecret?: { readonly sealed: string; readonly oldUntil: number | null };
};

/** Deliveries, the endpoints that they go to, and the secrets that sign them. */
export interface WebhookStore {
  claimDeliveries(command: ClaimCommand): Promise<readonly Delivery[]>;
  recordDelivery(result: DeliveryResult): Promise<boolean>;
  deliveries(generationId: string): Promise<readonly Delivery[]>;
  delivery(id: string): Promise<Delivery | undefined>;
  /** Makes it pending again, due now, with the attempts so far kept in the log. */
  redeliver(id: string, now: number): Promise<Delivery | undefined>;
  createEndpoint(endpoint: WebhookEndpoint): Promise<void>;
  endpoint(id: string): Promise<WebhookEndpoint | undefined>;
  endpoints(accountId: string, dialect: string): Promise<readonly WebhookEndpoint[]>;
  updateEndpoint(id: string, patch: EndpointPatch): Promise<WebhookEndpoint | undefined>;
  /** Its deliveries stay in the log; pending ones fail. */
  deleteEndpoint(id: string): Promise<boolean>;
  /** Newest first. */
  deliveriesOf(endpointId: string, limit: number, cursor?: string): Promise<Page<Delivery>>;
  /** The account's secret for a dialect and mode; `makeSealed` is stored when there is none yet. */
  webhookSecret(accountId: string, dialect: string, mode: Mode, makeSealed: string): Promise<string>;
  replaceWebhookSecret(accountId: string, dialect: string, mode: Mode, sealed: string): Promise<void>;
}
