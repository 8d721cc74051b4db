import type { ProviderCall } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { failureFrom, type UpstreamAnswer } from '../upstream/failure.ts';
import { order } from '../upstream/order.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import { openUpstream } from '../upstream/settings.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { failures } from './failures.ts';
import type { Settings } from './settings.ts';

/** The connection to one server, and how orders are sent over it. */
export interface Line {
  readonly settings: Settings;
  readonly tools: ProviderTools;
  readonly upstream: Upstream;
  /** Adds to a request what makes it an order of this call. `part` numbers the orders of one call. */
  ordered(request: UpstreamRequest, call: ProviderCall, part?: number): UpstreamRequest;
  /** Sends an order. @throws GenlockError according to the error table unless it is a success */
  order(request: UpstreamRequest, call: ProviderCall, more?: OrderOptions): Promise<UpstreamAnswer>;
  /** The absolute URL of a path below the base URL. */
  url(path: string): string;
}

export interface OrderOptions {
  readonly part?: number;
  readonly maxBytes?: number;
}

/** Opens the connection. If the settings name a header for it, orders carry our idempotency key. */
export function openLine(settings: Settings, tools: ProviderTools): Line {
  const { base_url, api_key, idempotency_key_header } = settings;
  const credentials = api_key === undefined ? {} : { authorization: `Bearer ${api_key}` };
  const upstream = openUpstream(settings, base_url, credentials);

  const ordered: Line['ordered'] = (request, { idempotencyKey }, part) => {
    if (idempotency_key_header === undefined) return request;
    const key = part === undefined ? idempotencyKey : `${idempotencyKey}-${part}`;
    return { ...request, headers: { ...request.headers, [idempotency_key_header.toLowerCase()]: key } };
  };
  return {
    settings,
    tools,
    upstream,
    ordered,
    async order(request, call, { part, maxBytes } = {}) {
      const answer = await order(upstream, ordered(request, call, part), call, { failures, maxBytes });
      throwIfTold(answer);
      return answer;
    },
    url: (path) => base_url.replace(/\/+$/, '') + path,
  };
}

/** Errors are never longer. */
const MAX_ERROR_BYTES = 16 * 1024;

/** Some servers send errors with a success status. */
function throwIfTold({ headers, body }: UpstreamAnswer): void {
  if (body.length > MAX_ERROR_BYTES || headers['content-type']?.includes('json') !== true) return;
  const raw = Buffer.from(body).toString();
  const error = errorIn(raw);
  if (error) throw failureFrom(undefined, failures.read({ error }), failures, { paid: true, raw });
}

function errorIn(text: string): unknown {
  try {
    return JSON.parse(text)?.error;
  } catch {
    return undefined;
  }
}
