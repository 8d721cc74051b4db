import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { listen } from '../../testing/listen.ts';
import { fetchResult } from './result-file.ts';
import { createUpstream, type Upstream } from './upstream.ts';

const open: { server: Server; upstream: Upstream }[] = [];
afterEach(async () => {
  for (const { server, upstream } of open.splice(0)) {
    await upstream.close();
    server.closeAllConnections();
    server.close();
  }
});

async function start(listener: RequestListener, timeoutMs = 10_000) {
  const server = createServer(listener);
  const url = await listen(server);
  const baseUrl = `${url}/v1/`;
  const upstream = createUpstream({ baseUrl, headers: { authorization: 'Bearer k' }, timeoutMs });
  open.push({ server, upstream });
  return { upstream, url };
}

const signal = new AbortController().signal;
const post = { method: 'POST', path: '/images?x=1', json: { a: 1 } } as const;
const thrown = async (call: Promise<unknown>) => {
  const error = await call.catch((caught: unknown) => caught);
  if (!(error instanceof GenlockError)) throw new Error(`not a GenlockError: ${String(error)}`);
  return [error.code, error.detail.accepted ?? 'no'];
};

describe('a call to an upstream', () => {
  it('goes below the base URL with the operator’s headers, and gives the whole answer', async () => {
    const { upstream } = await start(async (request, response) => {
      const body = (await request.toArray()).join('');
      response.writeHead(418, { 'X-A': 'b' });
      response.end(
        `${request.method} ${request.url} ${request.headers.authorization} ${request.headers.traceparent} ${body}`,
      );
    });
    const answer = await upstream.send(post, { signal, traceparent: '00-a-b-01' });
    expect(answer).toMatchObject({ status: 418, headers: { 'x-a': 'b' } });
    expect(Buffer.from(answer.body).toString()).toBe('POST /v1/images?x=1 Bearer k 00-a-b-01 {"a":1}');
  });

  it('waits for no other one, as long as those may take', async () => {
    const atOnce = 300;
    const waiting: ServerResponse[] = [];
    const { upstream } = await start((_request, response) => {
      waiting.push(response);
      if (waiting.length === atOnce) for (const one of waiting) one.end();
    });
    const answers = await Promise.all(Array.from({ length: atOnce }, () => upstream.send(post, { signal })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('sends forms with their files', async () => {
    const { upstream } = await start(async (request, response) => {
      const type = request.headers['content-type'] ?? '';
      const form = await new Response(Buffer.concat(await request.toArray()), {
        headers: { 'content-type': type },
      }).formData();
      const file = form.get('image');
      response.end(
        `${form.get('prompt')} ${file instanceof File ? `${file.name} ${file.type} ${await file.text()}` : ''}`,
      );
    });
    const form = [
      { name: 'prompt', value: 'mug' },
      { name: 'image', value: { bytes: Buffer.from('png'), contentType: 'image/png', fileName: 'a.png' } },
    ];
    const { body } = await upstream.send({ method: 'POST', path: '/edit', form }, { signal });
    expect(Buffer.from(body).toString()).toBe('mug a.png image/png png');
  });

  it('surely did not arrive where there was no connection', async () => {
    const closed = createUpstream({ baseUrl: 'http://127.0.0.1:1', headers: {}, timeoutMs: 1000 });
    expect(await thrown(closed.send(post, { signal, paid: true }))).toEqual(['upstream_unavailable', 'no']);
    await closed.close();
  });

  it('surely did not arrive where it could not even be written, such as with a key of two lines', async () => {
    const headers = { authorization: 'Bearer one\ntwo' };
    const broken = createUpstream({ baseUrl: 'http://127.0.0.1:1', headers, timeoutMs: 1000 });
    expect(await thrown(broken.send(post, { signal, paid: true }))).toEqual(['model_misconfigured', 'no']);
    await broken.close();
  });

  it('may have arrived where the connection died, which matters when it costs money', async () => {
    const { upstream } = await start((request) => request.socket.destroy());
    expect(await thrown(upstream.send(post, { signal, paid: true }))).toEqual(['upstream_failed', 'maybe']);
    expect(await thrown(upstream.send(post, { signal }))).toEqual(['upstream_failed', 'no']);
  });

  it('may have arrived where the answer broke off or never came', async () => {
    const { upstream } = await start((request, response) => {
      if (request.url?.includes('hang')) return;
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    }, 100);
    expect(await thrown(upstream.send(post, { signal, paid: true }))).toEqual(['upstream_failed', 'maybe']);
    expect(await thrown(upstream.send({ ...post, path: '/hang' }, { signal, paid: true }))).toEqual([
      'upstream_timeout',
      'maybe',
    ]);
  });

  it('reads no more than it was told to', async () => {
    const { upstream } = await start((_, response) => response.end('x'.repeat(2000)));
    expect(await thrown(upstream.send(post, { signal, paid: true, maxBytes: 1000 }))).toEqual([
      'upstream_invalid_result',
      'maybe',
    ]);
  });

  it('follows no redirect, and calls no other host with its key', async () => {
    const { upstream } = await start((_, response) =>
      response.writeHead(302, { location: 'https://evil.test/' }).end(),
    );
    expect((await upstream.send(post, { signal })).status).toBe(302);
    expect(await thrown(upstream.send({ method: 'GET', path: 'https://evil.test/x' }, { signal }))).toEqual([
      'upstream_invalid_result',
      'maybe',
    ]);
  });
});

describe('a result file', () => {
  const tools = { folder: '.', fetchPublic: async () => Buffer.from('from elsewhere') };
  const options = { tools, signal, maxBytes: 1000 };

  it('is tried again while the servers that hand it out do not know it yet', async () => {
    let calls = 0;
    const { upstream, url } = await start((request, response) => {
      calls += 1;
      response.writeHead(calls < 3 ? 404 : 200, { 'content-type': 'image/png' });
      response.end(request.headers.authorization);
    });
    const output = await fetchResult(`${url}/files/1`, { ...options, upstream });
    expect([calls, output.contentType, Buffer.from(output.bytes).toString()]).toEqual([
      3,
      'image/png',
      'Bearer k',
    ]);
  });

  it('comes without our key from anywhere else, or out of the link itself', async () => {
    const { upstream } = await start((_, response) => response.end());
    const elsewhere = await fetchResult('https://cdn.test/1.png', { ...options, upstream });
    expect(Buffer.from(elsewhere.bytes).toString()).toBe('from elsewhere');
    const inside = await fetchResult('data:image/png;base64,aGk=', { ...options, upstream });
    expect([inside.contentType, Buffer.from(inside.bytes).toString()]).toEqual(['image/png', 'hi']);
    await expect(fetchResult('data:,hi', { ...options, upstream })).rejects.toMatchObject({
      code: 'upstream_invalid_result',
      detail: { accepted: 'yes' },
    });
  });
});
