import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failure, GET, listen, NEVER, outbound, serve, text } from './testing.ts';

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
