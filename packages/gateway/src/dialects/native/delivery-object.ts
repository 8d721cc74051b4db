import type { Delivery } from '../../store/port.ts';
import { isoTime, optionalTime } from './generation-object.ts';

/** A webhook delivery with its attempts. */
export function deliveryObject(delivery: Delivery): object {
  return {
    id: delivery.id,
    object: 'webhook_delivery',
    event: delivery.event,
    url: delivery.url,
    endpoint_id: delivery.endpointId,
    generation_id: delivery.generationId,
    mode: delivery.mode,
    status: delivery.status,
    attempts: delivery.attempts.map(({ at, status, error }) => ({ at: isoTime(at), status, error })),
    next_attempt_at: optionalTime(delivery.nextAttemptAt),
    created_at: isoTime(delivery.createdAt),
  };
}
