import type { CallOptions } from '../options.ts';
import { type List, listOf } from '../pages.ts';
import { segment, type Transport } from '../transport.ts';
import type {
  EventName,
  Page,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
  WebhookSecret,
} from './types.ts';

/** Receivers set up for the account, their deliveries, and secrets. Use `nativeReceiver` to verify deliveries. */
export interface Webhooks {
  readonly endpoints: {
    /** The secret is only shown in this answer. If the answer is lost, the call is not repeated: check the list. */
    create(
      endpoint: { readonly url: string; readonly events?: readonly EventName[] },
      options?: CallOptions,
    ): Promise<WebhookEndpointWithSecret>;
    list(options?: CallOptions): Promise<Page<WebhookEndpoint>>;
    get(id: string, options?: CallOptions): Promise<WebhookEndpoint>;
    update(
      id: string,
      change: {
        readonly url?: string;
        readonly events?: readonly EventName[];
        readonly status?: WebhookEndpoint['status'];
      },
      options?: CallOptions,
    ): Promise<WebhookEndpoint>;
    /** Its pending deliveries fail. */
    delete(id: string, options?: CallOptions): Promise<void>;
    /** For this many seconds (default: a day) webhooks are signed with the old secret, too. */
    rotateSecret(
      id: string,
      options?: CallOptions & { readonly overlapSeconds?: number },
    ): Promise<WebhookEndpointWithSecret>;
    /** Newest first. */
    deliveries(
      id: string,
      options?: CallOptions & { readonly limit?: number },
    ): List<WebhookDelivery, Page<WebhookDelivery>>;
  };
  readonly deliveries: {
    get(id: string, options?: CallOptions): Promise<WebhookDelivery>;
    /** Sends a delivery again now. */
    redeliver(id: string, options?: CallOptions): Promise<WebhookDelivery>;
  };
  /** The secret that signs webhooks whose URL came with an order. */
  readonly secret: {
    get(options?: CallOptions): Promise<WebhookSecret>;
    rotate(options?: CallOptions): Promise<WebhookSecret>;
  };
}

export function webhooksOf({ json, send }: Transport<'native'>): Webhooks {
  const endpoint = (id: string) => `/webhook-endpoints/${segment(id)}`;
  const delivery = (id: string) => `/webhook-deliveries/${segment(id)}`;
  return {
    endpoints: {
      create: (body, options) => json({ ...options, method: 'POST', path: '/webhook-endpoints', json: body }),
      list: (options) => json({ ...options, path: '/webhook-endpoints' }),
      get: async (id, options) => json({ ...options, path: endpoint(id) }),
      update: async (id, change, options) =>
        json({ ...options, method: 'PATCH', path: endpoint(id), json: change }),
      delete: async (id, options) => {
        await send({ ...options, method: 'DELETE', path: endpoint(id) });
      },
      rotateSecret: async (id, { overlapSeconds, ...options } = {}) =>
        json({
          ...options,
          method: 'POST',
          path: `${endpoint(id)}/rotate-secret`,
          json: overlapSeconds === undefined ? {} : { overlap_seconds: overlapSeconds },
        }),
      deliveries: (id, { limit, ...options } = {}) =>
        listOf(
          'native',
          (cursor) =>
            json<Page<WebhookDelivery>>({
              ...options,
              path: `${endpoint(id)}/deliveries`,
              query: { limit, cursor },
            }),
          ({ next_cursor }) => next_cursor,
        ),
    },
    deliveries: {
      get: async (id, options) => json({ ...options, path: delivery(id) }),
      redeliver: async (id, options) =>
        json({ ...options, method: 'POST', path: `${delivery(id)}/redeliver` }),
    },
    secret: {
      get: (options) => json({ ...options, path: '/webhook-secret' }),
      rotate: (options) => json({ ...options, method: 'POST', path: '/webhook-secret/rotate' }),
    },
  };
}
