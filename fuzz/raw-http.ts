import type { Dice } from './dice.ts';

/** Bytes that are not a request, that are several, or that two readers could understand in two ways. */
export function rawBytes(dice: Dice, path: string, host: string): Buffer {
  const get = (target = path, more = ''): string => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
  const post = (headers: string, body: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;
  const text = dice.one<() => string>([
    () => `${get()}${get()}${get('/healthz')}`,
    () => `${get()}GARBAGE\x00\xff\r\n\r\n`,
    () => `${get()}${'\r\n'.repeat(20)}${get()}`,
    () => post('Content-Length: 2\r\nContent-Length: 3', '{}x'),
    () => post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
    () => post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', '2\r\n{}\r\n0\r\n\r\n'),
    () => post('Transfer-Encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n'),
    () => post('Transfer-Encoding: chunked', 'ffffffffffffffff\r\n{}'),
    () => post('Transfer-Encoding: chunked', `2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`),
    () => post('Transfer-Encoding: chunked', '2\r\n{}\r\n0\r\nX-Trailer: y\r\n\r\n'),
    () => post('Transfer-Encoding : chunked', '2\r\n{}\r\n0\r\n\r\n'),
    () => post('Content-Length: 2\n', '{}'),
    () => post('Content-Length: 4', `{}${get('/healthz')}`),
    () => post('Content-Length: 0\r\nExpect: 100-continue', ''),
    () => get(path, 'No colon here\r\n'),
    () => get(path, ': no name\r\n'),
    () => get(path, 'X: a\r\n folded\r\n'),
    () => get(path, 'X: a\rb\r\n'),
    () => get(path, 'X: a\x00b\r\n'),
    () => get(path, 'N\xe4me: x\r\n'),
    () => get(path, `X: ${'a'.repeat(70_000)}\r\n`),
    () => get(path, 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'),
    () => get(`${path} extra`),
    () => get(`http://${host}${path}`),
    () => get('//evil.test/'),
    () => get('*'),
    () => get(''),
    () => `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    () => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    () => `TRACE ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer traced\r\n\r\n`,
    () => `GET ${path} HTTP/1.0\r\n\r\n`,
    () => `GET ${path} HTTP/1.1\r\n\r\n`,
    () => `GET ${path}\r\n\r\n`,
    () => `GET ${path} HTTP/9.9\r\nHost: ${host}\r\n\r\n`,
    () => `GET\t${path}\tHTTP/1.1\r\n\r\n`,
    () => `${'A'.repeat(5_000)} ${path} HTTP/1.1\r\n\r\n`,
    () => `GET ${path}${'/a'.repeat(40_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    () => '\x00'.repeat(500),
    () => '\r\n\r\n\r\n',
    () => '{"json": "straight away"}\r\n\r\n',
    () => 'SSH-2.0-OpenSSH_9.6\r\n',
  ])();
  return Buffer.from(text, 'latin1');
}
