import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector, Client } from 'undici';
import { type AddressPolicy, type AddressRules, createAddressRules } from './address-rules.ts';
import { checkUrl, type UrlRefusal } from './check-url.ts';
import { readBody } from './outbound-body.ts';
import { OutboundError, outboundError, sortError } from './outbound-error.ts';
import { type Hop, isRedirect, type Method, nextHop } from './redirect.ts';
import { createNameResolver } from './resolve-name.ts';
import { type TimeLimit, timeLimit } from './time-limit.ts';

export { OutboundError, type OutboundReason } from './outbound-error.ts';

export interface OutboundOptions extends AddressPolicy {
  /** Resolves a name to all its addresses; default: as {@link createNameResolver} does it. */
  readonly lookup?: (hostname: string) => Promise<readonly LookupAddress[]>;
  /** PEM of root certificates to trust in place of the built-in ones. */
  readonly ca?: string;
}

export interface OutboundRequest {
  readonly method?: Method;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Limits the whole call up to the last byte of the answer, including redirects. */
  readonly timeoutMs: number;
  /** Limits the answer's decoded body. */
  readonly maxBytes: number;
  /** 0: a redirect is returned like any other answer. */
  readonly maxRedirects: number;
}

export interface OutboundAnswer {
  readonly status: number;
  /** Names are in lower case; repeated headers are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Outbound {
  /** Throws OutboundError. */
  fetch(url: string, request: OutboundRequest): Promise<OutboundAnswer>;
  /** Checks the URL alone, without DNS; undefined: no objection. */
  check(url: string): UrlRefusal | undefined;
  close(): Promise<void>;
}

const MAX_CONNECT_MS = 10_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** One for all rules that follow each other, so that they take turns together. */
const resolveName = createNameResolver();

/**
 * The only way to call URLs that a caller wrote. A name is resolved once per connection, and only addresses that pass the rules reach the
 * socket, so a second DNS answer cannot change the destination. Connections are not kept: each call is judged by DNS at its own time, and a
 * POST never meets a connection that the other side has just closed.
 */
export function createOutbound(options: OutboundOptions): Outbound {
  const rules = createAddressRules(options);
  const connect = guardedConnector(rules, options);
  const check = (url: string) => checkUrl(url, rules, options);
  const open = new Set<TimeLimit>();

  return {
    check,
    async close() {
      for (const limit of open) limit.abort();
    },
    async fetch(url, request) {
      if (check(url) !== undefined)
        throw URL.canParse(url)
          ? outboundError('refused', new URL(url), 'URL not allowed')
          : new OutboundError('refused', 'not a URL');

      let hop: Hop = {
        url: new URL(url),
        method: request.method ?? 'GET',
        headers: request.headers ?? {},
        body: request.body,
      };
      const limit = timeLimit(request);
      open.add(limit);
      try {
        for (let redirects = 0; ; redirects++) {
          const result = await send(connect, hop, request, limit.signal);
          if (result.kind === 'answer') return result.answer;
          if (redirects === request.maxRedirects)
            throw outboundError('redirect', hop.url, 'too many redirects');
          hop = nextHop(hop, result.status, result.location, check);
        }
      } catch (error) {
        throw limit.sort(error, hop.url);
      } finally {
        open.delete(limit);
        limit.clear();
      }
    },
  };
}

function guardedConnector(rules: AddressRules, options: OutboundOptions): buildConnector.connector {
  const resolve = options.lookup ?? resolveName;
  const connectorFor = (protocol: string) =>
    buildConnector({
      timeout: MAX_CONNECT_MS,
      lookup: guardedLookup(rules, protocol, resolve),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
  const plain = connectorFor('http:');
  const secure = connectorFor('https:');

  return (target, callback) => {
    const url = new URL(`${target.protocol}//${target.host ?? target.hostname}`);
    (target.protocol === 'https:' ? secure : plain)(target, (...[error, socket]) => {
      if (error === null && socket !== null) callback(null, socket);
      else callback(sortError(error, url, true), null);
    });
  };
}

function guardedLookup(
  rules: AddressRules,
  protocol: string,
  resolve: (hostname: string) => Promise<readonly LookupAddress[]>,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        // A name may have public and private addresses at once (split DNS); the private ones are ignored.
        const allowed = addresses.filter(({ address }) => rules.allows(address, protocol));
        const [first] = allowed;
        if (first === undefined)
          callback(new OutboundError('refused', `address not allowed (${hostname})`), '', 0);
        else if (options.all === true) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

type HopResult =
  | { readonly kind: 'answer'; readonly answer: OutboundAnswer }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string };

async function send(
  connect: buildConnector.connector,
  hop: Hop,
  request: OutboundRequest,
  signal: AbortSignal,
): Promise<HopResult> {
  const client = new Client(hop.url.origin, {
    connect: abortable(connect, signal),
    pipelining: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    // `timeoutMs` limits the whole call, whichever part of it is slow.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    return await exchange(client, hop, request, signal);
  } finally {
    // Also closes the connection of a body that was not read to its end.
    void client.destroy();
  }
}

/** undici checks a request's signal only once there is a connection, so a name server that never answers would hold up the call. */
function abortable(connect: buildConnector.connector, signal: AbortSignal): buildConnector.connector {
  return (target, callback) => {
    const onAbort = () => callback(new Error('aborted'), null);
    if (signal.aborted) {
      queueMicrotask(onAbort);
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    connect(target, (...result) => {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) result[1]?.destroy();
      else callback(...result);
    });
  };
}

async function exchange(
  client: Client,
  hop: Hop,
  request: OutboundRequest,
  signal: AbortSignal,
): Promise<HopResult> {
  const response = await client.request({
    path: hop.url.pathname + hop.url.search,
    method: hop.method,
    headers: { ...hop.headers, 'accept-encoding': 'identity' },
    body: hop.body ?? null,
    signal,
  });
  response.body.on('error', () => {});
  const status = response.statusCode;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;

  const location = headers.location;
  if (request.maxRedirects > 0 && isRedirect(status) && location !== undefined) {
    return { kind: 'redirect', status, location };
  }
  try {
    const body = await readBody(response.body, hop.url, hop.method, status, headers, request.maxBytes);
    return { kind: 'answer', answer: { status, headers, body } };
  } catch (error) {
    throw sortError(error, hop.url, false).withStatus(status);
  }
}
