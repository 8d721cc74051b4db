import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound, type Outbound, OutboundError, type OutboundOptions } from './outbound.ts';
import { TEST_TLS_CERTIFICATE, TEST_TLS_KEY } from './test-certificate.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function outbound(options: Partial<OutboundOptions> = {}): Outbound {
  const made = createOutbound({ allow: [], allowLoopback: true, ...options });
  closers.push(() => made.close());
  return made;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

const serve = async (listener: RequestListener) => `http://127.0.0.1:${await listen(createServer(listener))}`;
const serveTls = (listener: RequestListener) =>
  listen(createTlsServer({ key: TEST_TLS_KEY, cert: TEST_TLS_CERTIFICATE }, listener));

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const GET = { timeoutMs: 10_000, maxBytes: 10_000, maxRedirects: 3 } as const;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** Long enough that a call which waits for it fails the test by its time limit. */
const NEVER: RequestListener = () => {};

async function failure(promise: Promise<unknown>): Promise<OutboundError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof OutboundError)) throw new Error(`expected OutboundError, got ${String(thrown)}`);
  return thrown;
}

describe('check', () => {
  const strict = () => outbound({ allowLoopback: false });

  it.each([
    ['nonsense', 'not_a_url'],
    ['', 'not_a_url'],
    ['//example.com/', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['https://[fe80::1%25eth0]/', 'not_a_url'],
    ['https://256.1.1.1/', 'not_a_url'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['data:text/plain,hi', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['http://example.com/', 'scheme'],
    ['http://8.8.8.8/', 'scheme'],
    ['https://user@example.com/', 'credentials'],
    ['https://:secret@example.com/', 'credentials'],
    ['https://localhost/', 'address'],
    ['https://LOCALHOST./', 'address'],
    ['https://x.localhost/', 'address'],
    ['https://127.0.0.1/', 'address'],
    ['https://127.0.0.1./', 'address'],
    ['https://127.1/', 'address'],
    ['https://2130706433/', 'address'],
    ['https://0x7f000001/', 'address'],
    ['https://0x7f.0.0.1/', 'address'],
    ['https://017700000001/', 'address'],
    ['https://0177.0.0.1/', 'address'],
    ['https://%31%32%37.0.0.1/', 'address'],
    ['https://①②⑦.0.0.1/', 'address'],
    ['https://0/', 'address'],
    ['https://169.254.169.254/latest/meta-data/', 'address'],
    ['https://10.0.0.1:8443/', 'address'],
    ['https://[::1]/', 'address'],
    ['https://[::]/', 'address'],
    ['https://[::127.0.0.1]/', 'address'],
    ['https://[::ffff:127.0.0.1]/', 'address'],
    ['https://[::ffff:a9fe:a9fe]/', 'address'],
    ['https://[64:ff9b::10.0.0.1]/', 'address'],
    ['https://[2002:7f00:1::]/', 'address'],
    ['https://[fe80::1]/', 'address'],
    ['https://[fd00::1]/', 'address'],
  ])('refuses %s: %s', (url, reason) => expect(strict().check(url)).toBe(reason));

  it.each([
    'https://example.com/a?b#c',
    'https://example.com:8443/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('has no objection to %s', (url) => expect(strict().check(url)).toBeUndefined());

  it('knows what is allowed besides', () => {
    const emulator = outbound();
    expect(emulator.check('http://localhost:3000/hook')).toBeUndefined();
    expect(emulator.check('http://[::1]:3000/hook')).toBeUndefined();
    expect(emulator.check('https://127.0.0.1/hook')).toBeUndefined();
    expect(emulator.check('http://example.com/')).toBe('scheme');
    expect(emulator.check('http://10.0.0.1/')).toBe('address');

    const inside = outbound({ allow: ['10.0.0.0/8'], allowLoopback: false });
    expect(inside.check('http://10.0.0.1/')).toBeUndefined();
    expect(inside.check('http://files.internal/')).toBeUndefined();
    expect(inside.check('http://127.0.0.1/')).toBe('address');
  });
});

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

describe('redirects', () => {
  const to = (location: string, status = 302) =>
    serve((_, response) => response.writeHead(status, { Location: location }).end('moved'));

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'file:///etc/passwd',
    'http://user:pass@127.0.0.1/',
  ])('checks the hop to %s', async (location) => {
    const error = await failure(outbound().fetch(await to(location), GET));
    expect(error).toMatchObject({ reason: 'refused', message: 'redirect to a URL not allowed' });
  });

  it('checks where the name of a hop leads', async () => {
    const lookup = async () => [{ address: '169.254.169.254', family: 4 }];
    const url = await to('https://metadata.test/');
    expect((await failure(outbound({ lookup }).fetch(url, GET))).reason).toBe('refused');
  });

  it('is an answer when none are followed, or it names no target', async () => {
    const answer = await outbound().fetch(await to('http://169.254.169.254/'), { ...GET, maxRedirects: 0 });
    expect(answer.status).toBe(302);
    expect(text(answer.body)).toBe('moved');
    const url = await serve((_, response) => response.writeHead(302).end());
    expect((await outbound().fetch(url, GET)).status).toBe(302);
  });

  it('ends a loop and refuses a location that is no URL', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls++;
      response.writeHead(302, { Location: '/again' }).end();
    });
    expect((await failure(outbound().fetch(url, GET))).reason).toBe('redirect');
    expect(calls).toBe(4);
    expect((await failure(outbound().fetch(await to('http://['), GET))).reason).toBe('redirect');
  });

  it('never goes from https to http', async () => {
    const plain = await serve((_, response) => response.end('secret'));
    const port = await serveTls((_, response) => response.writeHead(302, { Location: plain }).end());
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const { fetch } = outbound({ lookup, ca: TEST_TLS_CERTIFICATE });
    expect((await failure(fetch(`https://hooks.test:${port}/`, GET))).reason).toBe('redirect');
  });

  it('keeps headers for the same host and drops them for another', async () => {
    const other = await serve((request, response) => response.end(`key=${request.headers['x-key']}`));
    const url = await serve((request, response) => {
      if (request.url === '/out') response.writeHead(302, { Location: other }).end();
      else if (request.url === '/in') response.writeHead(302, { Location: '/end' }).end();
      else response.end(`key=${request.headers['x-key']}`);
    });
    const { fetch } = outbound();
    const headers = { 'X-Key': 'k' };
    expect(text((await fetch(`${url}/in`, { ...GET, headers })).body)).toBe('key=k');
    expect(text((await fetch(`${url}/out`, { ...GET, headers })).body)).toBe('key=undefined');
  });

  it('turns a POST into a GET as browsers do, and never carries a body to another host', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${await read(request)}`);
      const status = Number(request.url?.slice(1));
      if (status > 0) response.writeHead(status, { Location: '/end' });
      response.end();
    });
    const post = { ...GET, method: 'POST', body: 'b', headers: { 'Content-Type': 'text/plain' } } as const;
    for (const status of [302, 303, 307]) await outbound().fetch(`${url}/${status}`, post);
    expect(seen.filter((line) => line.includes('/end'))).toEqual([
      'GET /end undefined ',
      'GET /end undefined ',
      'POST /end text/plain b',
    ]);
    const other = await serve((_, response) => response.end('got it'));
    expect((await failure(outbound().fetch(await to(other, 307), post))).reason).toBe('redirect');
    expect(text((await outbound().fetch(await to(other, 303), post)).body)).toBe('got it');
  });
});

describe('bounds', () => {
  it('ends a server that says nothing, drips or talks headers for ever', async () => {
    const limits = { ...GET, timeoutMs: 100, maxBytes: 1_000_000 };
    expect((await failure(outbound().fetch(await serve(NEVER), limits))).reason).toBe('timeout');

    const drip = await serve((_, response) => {
      const timer = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(timer));
    });
    expect(await failure(outbound().fetch(drip, limits))).toMatchObject({
      reason: 'timeout',
      message: 'timed out',
    });

    const headers = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => {}).write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('x: y\r\n'), 5);
        socket.on('close', () => clearInterval(timer));
      }),
    );
    expect((await failure(outbound().fetch(`http://127.0.0.1:${headers}/`, limits))).reason).toBe('timeout');
  });

  it('counts redirects in the same time', async () => {
    const url = await serve((_, response) => {
      setTimeout(() => response.writeHead(302, { Location: '/again' }).end(), 40);
    });
    const limits = { ...GET, timeoutMs: 150, maxRedirects: 1000 };
    expect((await failure(outbound().fetch(url, limits))).reason).toBe('timeout');
  });

  it('stops when the caller does, before and during', async () => {
    const url = await serve(NEVER);
    expect((await failure(outbound().fetch(url, { ...GET, signal: AbortSignal.abort() }))).reason).toBe(
      'aborted',
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    expect((await failure(outbound().fetch(url, { ...GET, signal: controller.signal }))).reason).toBe(
      'aborted',
    );
  });

  it('ends every call when it is closed', async () => {
    const made = outbound();
    const call = failure(made.fetch(await serve(NEVER), GET));
    await made.close();
    expect((await call).reason).toBe('aborted');
  });

  it('ends an endless body, told or untold', async () => {
    const closed: string[] = [];
    const url = await serve((request, response) => {
      response.on('close', () => closed.push(request.url ?? ''));
      if (request.url === '/told') response.writeHead(200, { 'Content-Length': '10001' });
      const pump = () => {
        while (!response.destroyed && response.write('x'.repeat(1000)));
      };
      response.on('drain', pump);
      pump();
    });
    for (const path of ['/told', '/untold'])
      expect(await failure(outbound().fetch(url + path, GET))).toMatchObject({
        reason: 'too_large',
        status: 200,
      });
    await expect.poll(() => closed.sort()).toEqual(['/told', '/untold']);
  });

  it('takes a body of exactly the limit', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(10_000)));
    expect((await outbound().fetch(url, GET)).body.length).toBe(10_000);
  });

  it('refuses huge headers', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'X-Big': 'x'.repeat(20_000) }).end());
    expect((await failure(outbound().fetch(url, GET))).reason).toBe('too_large');
  });
});

describe('encoded answers', () => {
  const encoded = (encoding: string, body: Uint8Array) =>
    serve((_, response) => response.writeHead(200, { 'Content-Encoding': encoding }).end(body));

  it.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (bytes: Uint8Array) => bytes],
  ])('undoes %s', async (encoding, encode) => {
    const url = await encoded(encoding, encode(Buffer.from('plain')));
    expect(text((await outbound().fetch(url, GET)).body)).toBe('plain');
  });

  it('counts decoded bytes, so that a bomb does not go off', async () => {
    const url = await encoded('gzip', gzipSync(Buffer.alloc(50_000_000)));
    expect((await failure(outbound().fetch(url, { ...GET, maxBytes: 1_000_000 }))).reason).toBe('too_large');
  });

  it('counts wire bytes too, for a stream that decodes to nothing', async () => {
    const nothing = gzipSync('');
    const url = await encoded('gzip', Buffer.concat(Array<Buffer>(2000).fill(nothing)));
    expect((await failure(outbound().fetch(url, GET))).reason).toBe('too_large');
  });

  it.each(['gzip, gzip', 'zstd', 'nonsense', 'constructor'])('refuses %s', async (encoding) => {
    const url = await encoded(encoding, Buffer.from('x'));
    expect((await failure(outbound().fetch(url, GET))).reason).toBe('protocol');
  });

  it('tells broken encoding, and takes answers without a body as they are', async () => {
    expect((await failure(outbound().fetch(await encoded('gzip', Buffer.from('no gzip')), GET))).reason).toBe(
      'protocol',
    );
    const empty = await serve((_, response) => response.writeHead(204, { 'Content-Encoding': 'gzip' }).end());
    expect((await outbound().fetch(empty, GET)).status).toBe(204);
    const head = await encoded('gzip', gzipSync('plain'));
    expect((await outbound().fetch(head, { ...GET, method: 'HEAD' })).body.length).toBe(0);
  });
});
