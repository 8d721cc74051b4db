import type { WebhookEndpoint } from '../../store/port.ts';
import { isoTime } from './generation-object.ts';
import { EVENTS } from './webhook-events.ts';

/** A receiver without its secret, which is only shown when it is made. */
export function endpointObject({ id, url, events, status, createdAt }: WebhookEndpoint): object {
  return {
    id,
    object: 'webhook_endpoint',
    url,
    // An endpoint that the operator made without a list gets every event.
    events: events.length === 0 ? EVENTS : events,
    status,
    created_at: isoTime(createdAt),
  };
}
