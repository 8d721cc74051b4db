import { GenlockError } from '../../domain/error.ts';
import type { WebhookTarget } from '../../domain/generation.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Core } from '../../gateway/core.ts';
import { urlObjection } from '../../http/url-objection.ts';
import { MAX_URL } from './inputs.ts';

const MAX_EVENTS = 32;
const MAX_EVENT_NAME = 64;

/**
 * The receiver in a create body: `{url, events}`, or a bare URL with an optional `webhook_events_filter` (contract section 8). null: none.
 *
 * @throws GenlockError `invalid_parameter`
 */
export function readWebhook(core: Core, body: JsonObject): WebhookTarget | null {
  const webhook = body.webhook ?? null;
  if (webhook === null) return null;
  if (typeof webhook === 'string')
    return {
      url: checkUrl(core, 'webhook', webhook),
      events: fromFilter(body.webhook_events_filter ?? null),
    };
  if (typeof webhook !== 'object' || isList(webhook)) throw invalid('webhook', 'must be an object or a URL');
  // The value that a prediction without a webhook shows, sent back unchanged.
  const events = webhook.events ?? null;
  if (webhook.url === null && isList(events) && events.length === 0) return null;
  return {
    url: checkUrl(core, 'webhook.url', webhook.url ?? null),
    events: readEvents('webhook.events', webhook.events ?? null),
  };
}

function checkUrl(core: Core, param: string, url: Json): string {
  if (typeof url !== 'string' || url === '' || url.length > MAX_URL)
    throw invalid(param, 'must be an https URL');
  const objection = urlObjection(core, url);
  if (objection !== undefined) throw invalid(param, objection);
  return url;
}

/** Accepts any names: unknown ones are ignored when events are sent. */
function readEvents(param: string, events: Json): readonly string[] {
  if (!isList(events) || events.length > MAX_EVENTS) throw invalid(param, 'must be a list of event names');
  return events.map((name) => {
    if (typeof name !== 'string' || name.length > MAX_EVENT_NAME)
      throw invalid(param, 'must be a list of event names');
    return name;
  });
}

/** The names of a tutorial, where `completed` means any end. */
function fromFilter(filter: Json): readonly string[] {
  if (filter === null) return [];
  return readEvents('webhook_events_filter', filter).flatMap((name) => {
    if (name === 'completed') return ['completed', 'failed', 'canceled'];
    return name === 'start' ? ['started'] : [name];
  });
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}
