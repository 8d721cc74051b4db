import { isIP } from 'node:net';

/** Parses `10.0.0.0/8` or a single address and returns the CIDR form (`10.0.0.1` becomes `10.0.0.1/32`). */
export function parseCidr(text: string): string | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return undefined;
  const bits = version === 4 ? 32 : 128;
  if (prefix === undefined) return `${address}/${bits}`;
  return /^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits ? text : undefined;
}

/** A URL without credentials: those belong in their own settings, which are kept out of logs. */
export function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '');
}

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Parses `127.0.0.1:9464` or `[::1]:9464`. Port 0 takes a free port. */
export function parseListen(text: string): Listen | undefined {
  const [, v6, name = '', digits = ''] = /^(?:\[([^\]]*)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = v6 === undefined ? parseHost(name) : isIP(v6) === 6 ? v6 : undefined;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** A host name or IPv4 address, without scheme, port or path. */
export const HOST_NAME = `^${LABEL}(?:\\.${LABEL})*$`;
const HOST = new RegExp(HOST_NAME, 'i');

export function parseHost(text: string): string | undefined {
  return text.length <= 253 && HOST.test(text) ? text.toLowerCase() : undefined;
}
