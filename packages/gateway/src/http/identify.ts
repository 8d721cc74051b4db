import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../domain/error.ts';
import { authenticate, type Caller } from '../gateway/accounts/authenticate.ts';
import type { Core } from '../gateway/core.ts';
import { type AddressList, clientAddress, matchesAddressList, parseAddressList } from './client-address.ts';
import { takeUnauthenticated } from './limits.ts';
import { originAllowed } from './origin.ts';

/**
 * Finds the caller behind a key, wherever in the request the contract allows the key. Calls without a valid key are counted by address.
 *
 * @throws GenlockError as {@link authenticate}; `rate_limited` if the address has tried too often
 */
export function identify(
  core: Core,
  dialect: string,
  request: FastifyRequest,
  secret: string | undefined,
): Caller | Promise<Caller> {
  const refuse = (thrown: unknown): Promise<never> => {
    const error = GenlockError.from(thrown);
    if (error.code !== 'unauthenticated') throw error;
    return refuseUnknown(core, request, error);
  };
  try {
    const found = authenticate(core, dialect, secret);
    return found instanceof Promise
      ? found.then((caller) => calling(request, caller), refuse)
      : calling(request, found);
  } catch (thrown) {
    return refuse(thrown);
  }
}

/** Ties a caller to its HTTP call, for logs and traces. */
export function calling({ exchange }: FastifyRequest, { account, key }: Caller): Caller {
  if (exchange === null) return { account, key };
  exchange.accountId = account.id;
  exchange.keyId = key.id;
  return { account, key, call: exchange };
}

/** Counts and refuses a call without a valid key. If the limiter fails, the answer stays a 401 and does not become a 503. */
export async function refuseUnknown(
  core: Core,
  request: FastifyRequest,
  error: GenlockError,
): Promise<never> {
  try {
    await takeUnauthenticated(core, addressOf(core, request));
  } catch (thrown) {
    if (GenlockError.from(thrown).code === 'rate_limited') throw thrown;
  }
  throw error;
}

/**
 * Checks the allow-lists of a key. The address comes first, because callers cannot choose it. @throws GenlockError `ip_not_allowed`,
 * `origin_not_allowed`
 */
export function assertAllowed(core: Core, request: FastifyRequest, { key }: Caller): void {
  if (key.allowedIps.length > 0 && !matchesAddressList(addressOf(core, request), parsed(key.allowedIps)))
    throw new GenlockError('ip_not_allowed');
  if (!originAllowed(request.headers.origin, key.allowedOrigins))
    throw new GenlockError('origin_not_allowed');
}

/** The caller's address: that of the peer, or what trusted proxies report. */
export function addressOf(core: Core, request: FastifyRequest): string {
  const forwarded = request.headers['x-forwarded-for'];
  return clientAddress(
    {
      peer: request.socket.remoteAddress ?? '',
      forwardedFor: Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
    },
    parsed(core.config().trustedProxies),
  );
}

/** Each list is parsed once: lists are immutable, and a change brings a new one. */
const lists = new WeakMap<readonly string[], AddressList>();

function parsed(entries: readonly string[]): AddressList {
  const known = lists.get(entries);
  if (known !== undefined) return known;
  const list = parseAddressList(entries);
  lists.set(entries, list);
  return list;
}
