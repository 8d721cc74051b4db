import { expect, it } from 'vitest';
import { parseCidr, parseHost, parseListen } from './network.ts';

it.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.0.0.1', '10.0.0.1/32'],
  ['::1', '::1/128'],
  ['fd00::/8', 'fd00::/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['10.0.0.0/33', undefined],
  ['::1/129', undefined],
  ['10.0.0/8', undefined],
  ['010.0.0.1', undefined],
  ['10.0.0.0/08', undefined],
  ['10.0.0.0/8/8', undefined],
  ['10.0.0.0/', undefined],
  ['fe80::1%eth0', undefined],
  ['', undefined],
])('network %j', (text, cidr) => expect(parseCidr(text)).toBe(cidr));

it.each([
  ['Kiara.Example.com', 'kiara.example.com'],
  ['localhost', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
  ['example.com:80', undefined],
  ['-a.example', undefined],
  ['a..b', undefined],
  ['', undefined],
  [`${'a'.repeat(64)}.example`, undefined],
])('host %j', (text, host) => expect(parseHost(text)).toBe(host));

it.each([
  ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  ['localhost:65535', { host: 'localhost', port: 65_535 }],
  ['::1:9464', undefined],
  ['[127.0.0.1]:9464', undefined],
  ['127.0.0.1', undefined],
  [':9464', undefined],
  ['127.0.0.1:65536', undefined],
  ['127.0.0.1:-1', undefined],
  ['http://127.0.0.1:9464', undefined],
])('address to listen on %j', (text, listen) => expect(parseListen(text)).toEqual(listen));
