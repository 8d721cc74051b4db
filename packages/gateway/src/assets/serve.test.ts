import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolderBlobs } from './folder.ts';
import type { BlobStore } from './port.ts';
import { type SendBlobOptions, sendBlob } from './serve.ts';

const content = Buffer.from('0123456789abcdef');
const big = Buffer.alloc(20_000_000, 'x');
const etag = (bytes: Uint8Array) => `"${createHash('sha256').update(bytes).digest('hex')}"`;
const assetOf = (bytes: Uint8Array) => ({
  contentType: 'video/mp4',
  bytes: bytes.length,
  sha256: etag(bytes).slice(1, -1),
});

let dir: string;
let blobs: BlobStore;
let app: FastifyInstance;
let port: number;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'genlock-serve-'));
  blobs = await openFolderBlobs(dir);
  await blobs.put('small', content);
  await blobs.put('big', big);
  await blobs.put('empty', new Uint8Array());

  app = Fastify();
  const onUnsatisfiable = (reply: FastifyReply) => reply.code(416).send({ error: 'bad_range' });
  const routes: Record<string, Partial<SendBlobOptions>> = {
    '/small': {},
    '/big': { blob: 'big', asset: assetOf(big) },
    '/empty': { blob: 'empty', asset: assetOf(new Uint8Array()) },
    '/missing': { blob: 'missing' },
    '/generated': {
      blobs: {
        read: async () =>
          (async function* () {
            yield content;
          })(),
      },
    },
  };
  for (const [url, options] of Object.entries(routes))
    app.get(url, async (request, reply) => {
      const sent = await sendBlob(request, reply, {
        blobs,
        blob: 'small',
        asset: assetOf(content),
        cacheControl: 'private, max-age=60',
        onUnsatisfiable,
        ...options,
      });
      return sent ? reply : reply.code(404).send({ error: 'not_found' });
    });
  app.route({
    method: 'HEAD',
    url: '/own-head',
    handler: async (request, reply) => {
      const asset = assetOf(content);
      const cacheControl = 'no-store';
      await sendBlob(request, reply, { blobs, blob: 'small', asset, cacheControl, onUnsatisfiable });
      return reply;
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  port = (app.server.address() as AddressInfo).port;
});
afterAll(async () => {
  await app.close();
  await rm(dir, { recursive: true });
});

function call(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }>(
    (resolve, reject) => {
      const request = httpRequest({ port, host: '127.0.0.1', path, headers, method }, async (response) => {
        const body = await text(response);
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
      request.on('error', reject).end();
    },
  );
}

/** Whether this process has a file of the blob folder open; works only on Linux. */
async function hasOpenFiles(): Promise<boolean> {
  const open = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.some((target) => target.startsWith(dir));
}

describe('sendBlob', () => {
  it('sends it whole', async () => {
    const { status, headers, body } = await call('/small');
    expect(status).toBe(200);
    expect(body).toBe(content.toString());
    expect(headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '16',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=60',
      etag: etag(content),
    });
    expect((await call('/empty')).headers['content-length']).toBe('0');
    expect((await call('/generated')).body).toBe(content.toString());
    expect((await call('/big')).body.length).toBe(big.length);
  });

  it.each(['/small', '/own-head'])('answers HEAD %s with the length and no body', async (path) => {
    const { status, headers, body } = await call(path, { Range: 'bytes=0-1' }, 'HEAD');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-length': '16',
      'content-type': 'video/mp4',
      etag: etag(content),
    });
    expect(body).toBe('');
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/16'],
    ['bytes=10-', 'abcdef', 'bytes 10-15/16'],
    ['bytes=-2', 'ef', 'bytes 14-15/16'],
    ['bytes=4-400', '456789abcdef', 'bytes 4-15/16'],
  ])('sends %s', async (range, part, contentRange) => {
    const { status, headers, body } = await call('/small', { Range: range });
    expect(status).toBe(206);
    expect(body).toBe(part);
    expect(headers).toMatchObject({
      'content-range': contentRange,
      'content-length': String(part.length),
      etag: etag(content),
    });
  });

  it.each(['bytes=0-1,4-5', 'bytes=5-2', 'lines=1-2'])('sends all for %s', async (range) => {
    const { status, headers, body } = await call('/small', { Range: range });
    expect(status).toBe(200);
    expect(body).toBe(content.toString());
    expect(headers['content-range']).toBeUndefined();
  });

  it('refuses a range that lies outside, in the shape of the caller, and for no cache to keep', async () => {
    const outside = await call('/small', { Range: 'bytes=16-' });
    expect(outside).toMatchObject({
      status: 416,
      body: '{"error":"bad_range"}',
      headers: { 'content-range': 'bytes */16', 'cache-control': 'no-store' },
    });
    expect(outside.headers.etag).toBeUndefined();
    expect((await call('/empty', { Range: 'bytes=0-' })).status).toBe(416);
  });

  it.each([
    ['the same tag', etag(content), 206],
    ['another tag', '"other"', 200],
    ['a weak tag', `W/${etag(content)}`, 200],
    ['a date', 'Wed, 21 Oct 2015 07:28:00 GMT', 200],
  ])('honours If-Range with %s', async (_, value, status) => {
    const headers = { Range: 'bytes=0-3', 'If-Range': value };
    expect((await call('/small', headers)).status).toBe(status);
  });

  it('answers 304 to who has it, before any range', async () => {
    for (const value of [etag(content), `W/${etag(content)}`, `"a", ${etag(content)}`, '*']) {
      const { status, headers, body } = await call('/small', { 'If-None-Match': value, Range: 'bytes=99-' });
      expect(status).toBe(304);
      expect(headers).toMatchObject({ etag: etag(content), 'cache-control': 'private, max-age=60' });
      expect(body).toBe('');
    }
    expect((await call('/small', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('leaves a missing blob to the caller', async () => {
    for (const headers of [{}, { Range: 'bytes=0-1' }, { 'If-None-Match': '*' }]) {
      const answer = await call('/missing', headers);
      expect(answer).toMatchObject({ status: 404, body: '{"error":"not_found"}' });
      expect(answer.headers.etag).toBeUndefined();
      expect(answer.headers['accept-ranges']).toBeUndefined();
    }
    expect((await call('/missing', {}, 'HEAD')).status).toBe(404);
  });

  it('closes the file when the client hangs up, and after every other answer', async () => {
    await new Promise<void>((resolve) => {
      const request = httpRequest({ port, host: '127.0.0.1', path: '/big' }, (response) => {
        response.once('data', () => {
          response.destroy();
          resolve();
        });
      });
      request.on('error', () => {}).end();
    });
    await call('/small', {}, 'HEAD');
    await call('/small', { Range: 'bytes=99-' });
    await call('/small', { 'If-None-Match': '*' });
    await expect.poll(hasOpenFiles).toBe(false);
  });
});
