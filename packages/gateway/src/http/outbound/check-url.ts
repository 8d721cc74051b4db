import type { AddressPolicy, AddressRules } from './address-rules.ts';

export type UrlRefusal = 'not_a_url' | 'scheme' | 'credentials' | 'address';

/** Checks a URL by its text alone, without DNS; undefined: no objection. */
export function checkUrl(text: string, rules: AddressRules, policy: AddressPolicy): UrlRefusal | undefined {
  if (!URL.canParse(text)) return 'not_a_url';
  // Parsing turns every way of writing an IPv4 address (decimal, octal, hexadecimal, short) into the dotted form.
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'scheme';
  if (url.username !== '' || url.password !== '') return 'credentials';

  const host = url.hostname.replace(/\.$/, '');
  if (host.startsWith('[') || /^[\d.]+$/.test(host))
    return refusedAddress(rules, host.replace(/^\[|\]$/g, ''), url.protocol);
  if (host === 'localhost' || host.endsWith('.localhost'))
    return refusedAddress(rules, '127.0.0.1', url.protocol);
  // A host name may only be called over http if it is in an allowed network, and DNS has to tell that later.
  return url.protocol === 'http:' && policy.allow.length === 0 ? 'scheme' : undefined;
}

function refusedAddress(rules: AddressRules, address: string, protocol: string): UrlRefusal | undefined {
  if (rules.allows(address, protocol)) return undefined;
  return protocol === 'http:' && rules.allows(address, 'https:') ? 'scheme' : 'address';
}
