import type { Mode } from '../../domain/generation.ts';

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
  readonly [field in 'url' | 'events' | 'secrets' | 'status']?: WebhookEndpoint[field];
};
