import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Single addresses and CIDR blocks, ready to match. */
export type AddressList = readonly (readonly [Address, number])[];

/**
 * An address in its one form: IPv4-mapped IPv6 becomes IPv4, a zone id goes. Undefined for anything else: the short, octal
 * and hexadecimal forms of IPv4 that some parsers take are nobody's address here.
 */
export function parseAddress(text: string): Address | undefined {
  const bare = text.split('%', 1)[0] ?? '';
  if (isIP(bare) === 0) return undefined;
  // ipaddr.js reads `::192.0.2.1` as IPv4-mapped; sockets, and RFC 4291, do not.
  return ipaddr.process(/^::\d+\./.test(bare) ? `0${bare}` : bare);
}

/**
 * Reads an allow-list: `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. Throws RangeError with the entry at fault, because a list
 * that is read in part would let in, or lock out, somebody.
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

/** Whether the address is in the list. An empty list matches nothing: what that means is the caller's to say. */
export function matchesAddressList(address: string, list: AddressList): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && matchesParsed(parsed, list);
}

export function matchesParsed(address: Address, list: AddressList): boolean {
  return list.some(([block, length]) => block.kind() === address.kind() && address.match(block, length));
}

/**
 * Who calls: the peer, or behind trusted proxies the right-most `X-Forwarded-For` hop that is not one of them. Hops left of
 * that one are the caller's own words and prove nothing (contract kiara, section 2).
 */
export function clientAddress(
  connection: { readonly peer: string; readonly forwardedFor?: string | undefined },
  trustedProxies: AddressList,
): string {
  // Plain IPv4 is its own canonical form; taking it apart and printing it again is left to those who have to.
  if (trustedProxies.length === 0 && isIPv4(connection.peer)) return connection.peer;
  let nearest = parseAddress(connection.peer);
  if (nearest === undefined) return connection.peer;
  const hops = connection.forwardedFor?.split(',') ?? [];
  while (hops.length > 0 && matchesParsed(nearest, trustedProxies)) {
    const hop: Address | undefined = parseAddress(withoutPort((hops.pop() ?? '').trim()));
    // A hop that is no address ("unknown", an obfuscated name): what is behind it cannot be believed.
    if (hop === undefined) break;
    nearest = hop;
  }
  return nearest.toString();
}

/**
 * Whose address it is, as far as counting goes: IPv6 hands every customer a network of 2^64 addresses at least (RFC 6177), so that
 * they are counted together. Anything but IPv6 stands for itself.
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
