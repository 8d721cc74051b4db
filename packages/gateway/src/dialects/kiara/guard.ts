import type { FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import { authenticate, type Caller } from '../../gateway/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import { bearerToken } from '../../http/bearer.ts';
import {
  type AddressList,
  clientAddress,
  matchesAddressList,
  parseAddressList,
} from '../../http/client-address.ts';
import { rateLimited, takeToken, takeUnauthenticated } from '../../http/limits.ts';
import { originAllowed } from '../../http/origin.ts';
import type { LimitVerdict } from '../../limits/port.ts';
import { NAME } from './links.ts';

/**
 * Lets a call in, or says why not, in the order of section 16: key, pause, address, origin, limiter, route. Runs before
 * anything is read of the body.
 */
export function createGuard(core: Core): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    // A browser's preflight carries no key, so asking it for one would never give the 404 that section 1 wants.
    if (request.method === 'OPTIONS')
      return refuseUnknown(core, request, new GenlockError('route_not_found'));
    const caller = await identify(core, request);
    assertAllowed(core, request, caller);
    const taken = takeToken(core, caller, limitFor(request.method));
    const verdict = taken instanceof Promise ? await taken : taken;
    if (verdict !== undefined) {
      tellLimit(reply, verdict);
      if (!verdict.allowed) throw rateLimited(verdict);
    }
    if (request.is404) throw new GenlockError('route_not_found');
    request.caller = caller;
  };
}

async function identify(core: Core, request: FastifyRequest): Promise<Caller> {
  try {
    return await authenticate(core, NAME, bearerToken(request.headers.authorization));
  } catch (thrown) {
    const error = GenlockError.from(thrown);
    if (error.code !== 'unauthenticated') throw error;
    return refuseUnknown(core, request, error);
  }
}

/** Calls without a valid key are counted by address; the limiter's own trouble does not turn their 401 into a 503. */
async function refuseUnknown(core: Core, request: FastifyRequest, error: GenlockError): Promise<never> {
  try {
    await takeUnauthenticated(core, addressOf(core, request));
  } catch (thrown) {
    if (GenlockError.from(thrown).code === 'rate_limited') throw thrown;
  }
  throw error;
}

/** The address comes first because callers cannot choose it. @throws GenlockError `ip_not_allowed`, `origin_not_allowed` */
function assertAllowed(core: Core, request: FastifyRequest, { key }: Caller): void {
  if (key.allowedIps.length > 0 && !matchesAddressList(addressOf(core, request), parsed(key.allowedIps)))
    throw new GenlockError('ip_not_allowed');
  if (!originAllowed(request.headers.origin, key.allowedOrigins))
    throw new GenlockError('origin_not_allowed');
}

function addressOf(core: Core, request: FastifyRequest): string {
  const forwarded = request.headers['x-forwarded-for'];
  return clientAddress(
    {
      peer: request.socket.remoteAddress ?? '',
      forwardedFor: Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
    },
    parsed(core.config().trustedProxies),
  );
}

/** Lists are read once each: they are immutable, and a change brings a new one. */
const lists = new WeakMap<readonly string[], AddressList>();

function parsed(entries: readonly string[]): AddressList {
  const known = lists.get(entries);
  if (known !== undefined) return known;
  const list = parseAddressList(entries);
  lists.set(entries, list);
  return list;
}

function limitFor(method: string): 'reads_per_minute' | 'requests_per_minute' {
  return method === 'GET' || method === 'HEAD' ? 'reads_per_minute' : 'requests_per_minute';
}

function tellLimit(reply: FastifyReply, { limit, remaining, resetAt }: LimitVerdict): void {
  reply.header('x-ratelimit-limit', limit);
  reply.header('x-ratelimit-remaining', remaining);
  reply.header('x-ratelimit-reset', Math.ceil(resetAt / 1000));
}
