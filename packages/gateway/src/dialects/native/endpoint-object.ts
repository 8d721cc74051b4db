import type { WebhookEndpoint } from '../../store/port.ts';
import { isoTime } from './generation-object.ts';
import { EVENTS } from './webhook-events.ts';

/** A receiver; its secret is only ever shown where it is made. */
export function endpointObject({ id, url, events, status, createdAt }: WebhookEndpoint): object {
  return {
    id,
    object: 'webhook_endpoint',
    url,
    // An endpoint that the operator made without a list hears everything.
    events: events.length === 0 ? EVENTS : events,
    status,
    created_at: isoTime(createdAt),
  };
}
