import type { Mode } from '../../../domain/generation.ts';
import type { Delivery, DeliveryStatus, WebhookEndpoint } from '../../port.ts';

/** What {@link DELIVERY_COLUMNS} selects. */
export interface DeliveryRow {
  readonly seq: number;
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly mode: Mode;
  readonly generation_id: string | null;
  readonly endpoint_id: string | null;
  readonly event: string;
  readonly url: string;
  readonly sealed_secret: string | null;
  readonly status: DeliveryStatus;
  readonly attempts: string;
  readonly next_attempt_at: number | null;
  readonly created_at: number;
  readonly body: string;
  readonly traceparent: string | null;
}

export const DELIVERY_COLUMNS = `d.seq, d.id, d.account_id, d.dialect, d.mode,
  (SELECT id FROM generations WHERE seq = d.generation) AS generation_id, d.endpoint_id, d.event, d.url, d.sealed_secret,
  d.status, d.attempts, d.next_attempt_at, d.created_at, d.body,
  (SELECT traceparent FROM generation_bodies WHERE seq = d.generation) AS traceparent`;

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    mode: row.mode,
    generationId: row.generation_id,
    endpointId: row.endpoint_id,
    event: row.event,
    url: row.url,
    sealedSecret: row.sealed_secret,
    body: row.body,
    createdAt: row.created_at,
    status: row.status,
    attempts: JSON.parse(row.attempts),
    traceparent: row.traceparent,
    nextAttemptAt: row.next_attempt_at,
  };
}

export interface EndpointRow {
  readonly id: string;
  readonly account_id: string;
  readonly dialect: string;
  readonly url: string;
  readonly events: string;
  readonly secrets: string;
  readonly status: 'active' | 'disabled';
  readonly created_at: number;
}

export function toEndpoint(row: EndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    accountId: row.account_id,
    dialect: row.dialect,
    url: row.url,
    events: JSON.parse(row.events),
    secrets: JSON.parse(row.secrets),
    status: row.status,
    createdAt: row.created_at,
  };
}
