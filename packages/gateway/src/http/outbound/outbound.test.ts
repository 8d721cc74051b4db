import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { TEST_TLS_CERTIFICATE } from './test-certificate.ts';
import { failure, GET, listen, NEVER, outbound, read, serve, serveTls, text } from './testing.ts';

describe('fetch', () => {
  it('sends method, headers and body, and brings status, headers and body back', async () => {
    const url = await serve(async (request, response) => {
      const seen = `${request.method} ${request.url} ${request.headers['x-a']} ${request.headers['accept-encoding']}`;
      response.writeHead(201, { 'X-B': ['1', '2'] }).end(`${seen} ${await read(request)}`);
    });
    const answer = await outbound().fetch(`${url}/p?q=1#f`, {
      ...GET,
      method: 'POST',
      headers: { 'X-A': 'a' },
      body: 'body',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers['x-b']).toBe('1, 2');
    expect(text(answer.body)).toBe('POST /p?q=1 a identity body');
  });

  it('refuses before it connects', async () => {
    const { fetch } = outbound({ allowLoopback: false });
    for (const url of [
      'http://127.0.0.1:1/',
      'https://169.254.169.254/',
      'ftp://a/',
      'no url',
      'https://u:p@a.test/',
    ])
      expect((await failure(fetch(url, GET))).reason).toBe('refused');
  });

  it('tells DNS, connection and broken answers apart', async () => {
    const missing = Object.assign(new Error('no'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
    const nameless = outbound({ lookup: () => Promise.reject(missing) });
    expect(await failure(nameless.fetch('https://gone.test/', GET))).toMatchObject({
      reason: 'dns',
      message: 'host name not found (gone.test)',
    });

    const closed = createTcpServer();
    const port = await listen(closed);
    closed.close();
    expect(await failure(outbound().fetch(`http://127.0.0.1:${port}/`, GET))).toMatchObject({
      reason: 'connect',
      message: 'connection failed',
    });

    const garbage = await listen(createTcpServer((socket) => socket.end('garbage\r\n\r\n')));
    expect((await failure(outbound().fetch(`http://127.0.0.1:${garbage}/`, GET))).reason).toBe('protocol');
    const silent = await listen(createTcpServer((socket) => socket.once('data', () => socket.destroy())));
    expect((await failure(outbound().fetch(`http://127.0.0.1:${silent}/`, GET))).reason).toBe('protocol');
  });

  it('tells a body that breaks off, with the status that had come', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await failure(outbound().fetch(url, GET))).toMatchObject({ reason: 'protocol', status: 200 });
  });
});

describe('DNS', () => {
  const loopback = { address: '127.0.0.1', family: 4 };

  it('connects to the address that was checked, whatever DNS says next', async () => {
    const url = await serve((_, response) => response.end('here'));
    const answers = [loopback, { address: '169.254.169.254', family: 4 }];
    let asked = 0;
    const { fetch } = outbound({
      allow: ['127.0.0.0/8'],
      lookup: async () => answers.slice(asked, ++asked),
    });
    const named = url.replace('127.0.0.1', 'rebind.test');
    expect(text((await fetch(named, GET)).body)).toBe('here');
    expect(asked).toBe(1);
    expect(await failure(fetch(named, GET))).toMatchObject({
      reason: 'refused',
      message: 'address not allowed (rebind.test)',
    });
    expect(asked).toBe(2);
  });

  it('uses only the allowed ones of several addresses', async () => {
    const url = await serve((_, response) => response.end('here'));
    const { fetch } = outbound({
      allow: ['127.0.0.0/8'],
      lookup: async () => [{ address: '10.0.0.1', family: 4 }, { address: 'fd00::1', family: 6 }, loopback],
    });
    expect(text((await fetch(url.replace('127.0.0.1', 'split.test'), GET)).body)).toBe('here');
  });

  it('refuses a name over http whose address is public, and one without addresses', async () => {
    const addresses = [{ address: '8.8.8.8', family: 4 }];
    const { fetch } = outbound({ allow: ['10.0.0.0/8'], lookup: async () => addresses });
    expect((await failure(fetch('http://public.test/', GET))).reason).toBe('refused');
    addresses.pop();
    expect((await failure(fetch('https://empty.test/', GET))).reason).toBe('refused');
  });

  it('is bounded in time', async () => {
    const { fetch } = outbound({ lookup: () => new Promise(() => {}) });
    expect((await failure(fetch('https://slow.test/', { ...GET, timeoutMs: 50 }))).reason).toBe('timeout');
  });
});

describe('TLS', () => {
  const lookup = async () => [{ address: '127.0.0.1', family: 4 }];

  it('checks the certificate against the name, not the pinned address', async () => {
    const port = await serveTls((request, response) => response.end(request.headers.host));
    const { fetch } = outbound({ lookup, ca: TEST_TLS_CERTIFICATE });
    expect(text((await fetch(`https://hooks.test:${port}/`, GET)).body)).toBe(`hooks.test:${port}`);
    expect((await failure(fetch(`https://wrong.test:${port}/`, GET))).reason).toBe('tls');
  });

  it('refuses an unknown issuer and a server that speaks no TLS', async () => {
    const port = await serveTls(NEVER);
    expect((await failure(outbound({ lookup }).fetch(`https://hooks.test:${port}/`, GET))).reason).toBe(
      'tls',
    );
    const plain = (await serve(NEVER)).replace('http:', 'https:');
    expect((await failure(outbound().fetch(plain, GET))).reason).toBe('tls');
  });
});
