import type { UrlRefusal } from './check-url.ts';
import { outboundError } from './outbound-error.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request of a call: the first, or one after a redirect. */
export interface Hop {
  readonly url: URL;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/**
 * The request that follows a redirect: its URL, and which parts of the previous request may go there.
 *
 * @throws OutboundError `refused` or `redirect`
 */
export function nextHop(
  hop: Hop,
  status: number,
  location: string,
  check: (url: string) => UrlRefusal | undefined,
): Hop {
  if (!URL.canParse(location, hop.url.href)) throw outboundError('redirect', hop.url, 'redirect to no URL');
  const url = new URL(location, hop.url);
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw outboundError('redirect', hop.url, 'redirect from https to http');
  if (check(url.href) !== undefined) throw outboundError('refused', hop.url, 'redirect to a URL not allowed');

  const toGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const method = toGet ? 'GET' : hop.method;
  const body = toGet ? undefined : hop.body;
  if (url.origin === hop.url.origin)
    return { url, method, body, headers: toGet ? withoutContentHeaders(hop.headers) : hop.headers };
  // Headers and body were meant for the first host, and no other may see the keys and signatures in them.
  if (body !== undefined) throw outboundError('redirect', hop.url, 'redirect of a body to another host');
  return { url, method, body, headers: {} };
}

function withoutContentHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)));
}
