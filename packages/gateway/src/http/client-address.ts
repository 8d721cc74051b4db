import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Single addresses and CIDR blocks, parsed for matching. */
export type AddressList = readonly (readonly [Address, number])[];

/**
 * The canonical form of an address: IPv4-mapped IPv6 becomes IPv4, and a zone id is dropped. Undefined for anything else, including the
 * short, octal and hexadecimal forms of IPv4 that some parsers accept.
 */
export function parseAddress(text: string): Address | undefined {
  const bare = text.split('%', 1)[0] ?? '';
  if (isIP(bare) === 0) return undefined;
  // ipaddr.js reads `::192.0.2.1` as IPv4-mapped; sockets and RFC 4291 do not.
  return ipaddr.process(/^::\d+\./.test(bare) ? `0${bare}` : bare);
}

/**
 * Parses an allow-list: `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. Throws RangeError with the entry at fault, because a list that is
 * only partly read would let the wrong callers in or lock the right ones out.
 */
export function parseAddressList(entries: readonly string[]): AddressList {
  return entries.map(parseEntry);
}

function parseEntry(entry: string): readonly [Address, number] {
  const [text = '', prefix, ...more] = entry.split('/');
  const nonsense = new RangeError(`not an address or CIDR block: ${JSON.stringify(entry.slice(0, 64))}`);
  if (isIP(text) === 0 || text.includes('%') || more.length > 0) throw nonsense;

  const address = ipaddr.parse(text);
  const bits = address.kind() === 'ipv4' ? 32 : 128;
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)) throw nonsense;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) throw nonsense;

  // A block inside ::ffff:0:0/96 is meant as IPv4, and addresses are compared in their IPv4 form.
  const mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && length >= 96;
  return mapped ? [address.toIPv4Address(), length - 96] : [address, length];
}

/** Whether the address is in the list. An empty list matches nothing; the calling code decides what an empty list means. */
export function matchesAddressList(address: string, list: AddressList): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && matchesParsed(parsed, list);
}

export function matchesParsed(address: Address, list: AddressList): boolean {
  return list.some(([block, length]) => block.kind() === address.kind() && address.match(block, length));
}

/**
 * The caller's address: the peer, or behind trusted proxies the right-most hop of `X-Forwarded-For` that is not one of them. Hops to the
 * left of that one were written by the caller and prove nothing (contract kiara, section 2).
 */
export function clientAddress(
  connection: { readonly peer: string; readonly forwardedFor?: string | undefined },
  trustedProxies: AddressList,
): string {
  // Plain IPv4 is already in canonical form, so this skips parsing and printing it again.
  if (trustedProxies.length === 0 && isIPv4(connection.peer)) return connection.peer;
  let nearest = parseAddress(connection.peer);
  if (nearest === undefined) return connection.peer;
  const hops = connection.forwardedFor?.split(',') ?? [];
  while (hops.length > 0 && matchesParsed(nearest, trustedProxies)) {
    const hop: Address | undefined = parseAddress(withoutPort((hops.pop() ?? '').trim()));
    // A hop that is not an address ("unknown", an obfuscated name): nothing to its left can be trusted.
    if (hop === undefined) break;
    nearest = hop;
  }
  return nearest.toString();
}

/**
 * Under which address calls are counted. Every IPv6 customer gets a network of at least 2^64 addresses (RFC 6177), so all of these count as
 * one. An IPv4 address stands for itself.
 */
export function holderOf(address: string): string {
  if (!address.includes(':')) return address;
  const parsed = parseAddress(address);
  if (!(parsed instanceof ipaddr.IPv6)) return address;
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

/** Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(hop);
  if (bracketed !== null) return bracketed[1] ?? '';
  return /^[\d.]+:\d+$/.test(hop) ? (hop.split(':', 1)[0] ?? '') : hop;
}
