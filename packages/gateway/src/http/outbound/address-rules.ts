import ipaddr from 'ipaddr.js';
import { matchesParsed, parseAddress, parseAddressList } from '../client-address.ts';

export interface AddressPolicy {
  /** CIDR blocks that may be called by http and https although they are not public. */
  readonly allow: readonly string[];
  /** For the emulator: http and https to loopback. */
  readonly allowLoopback: boolean;
}

export interface AddressRules {
  /** Whether a connection to this address may be opened. Text that is not an address is refused. */
  allows(address: string, protocol: string): boolean;
}

const LOOPBACK = parseAddressList(['127.0.0.0/8', '::1']);

/**
 * Only 2000::/3 is assigned as global unicast (RFC 4291, IANA). ipaddr.js says `unicast` for every range that it does not know, including
 * the IPv4-compatible `::127.0.0.1`.
 */
const GLOBAL_V6 = parseAddressList(['2000::/3']);

/** Public addresses that a cloud's own host agent answers: Azure's WireServer. */
const CLOUD_INTERNAL = parseAddressList(['168.63.129.16']);

/**
 * Where outbound calls may go: https to public addresses, and http and https to what the operator allows. Public means ordinary unicast.
 * Every special range is refused, and so is every form of IPv6 that contains an IPv4 address (NAT64, 6to4, Teredo), because a translator on
 * the way would forward it to that IPv4 address. IPv4-mapped ones are judged by their IPv4 address.
 *
 * Throws RangeError for a block that cannot be parsed.
 */
export function createAddressRules(policy: AddressPolicy): AddressRules {
  const exempt = [...parseAddressList(policy.allow), ...(policy.allowLoopback ? LOOPBACK : [])];
  return {
    allows(text, protocol) {
      const address = parseAddress(text);
      if (address === undefined) return false;
      if (matchesParsed(address, exempt)) return true;
      return protocol === 'https:' && isPublic(address);
    },
  };
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv6) return matchesParsed(address, GLOBAL_V6);
  return !matchesParsed(address, CLOUD_INTERNAL);
}
