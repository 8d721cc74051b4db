import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientGone, type EventStream, openEventStream } from './event-stream.ts';

let app: FastifyInstance;
let opened: PromiseWithResolvers<{ stream: EventStream; gone: AbortSignal }>;
beforeEach(async () => {
  opened = Promise.withResolvers();
  app = Fastify({ forceCloseConnections: true });
  app.get('/', (_request, reply) => {
    reply.header('x-request-id', 'req_1');
    const gone = clientGone(reply);
    opened.resolve({ stream: openEventStream(reply, { pingMs: 20 }), gone });
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => app.close());

function get(): Promise<IncomingMessage> {
  const { port } = app.server.address() as AddressInfo;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  httpRequest({ port, host: '127.0.0.1' }, resolve).on('error', reject).end();
  return promise;
}

describe('an event stream', () => {
  it('keeps the headers so far, sends at once, pings while it is silent, and ends', async () => {
    const answer = get();
    const { stream, gone } = await opened.promise;
    stream.send('{"n":1}');
    const response = await answer;
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-request-id': 'req_1',
    });
    let text = '';
    for await (const chunk of response) {
      text += chunk;
      if (!text.includes(': ping\n\n')) continue;
      stream.send('[DONE]');
      stream.end();
    }
    expect(text).toMatch(/^data: \{"n":1\}\n\n(?:: ping\n\n)+data: \[DONE\]\n\n$/);
    expect(gone.aborted).toBe(false);
  });

  it('says when the client takes no more, and goes on when it does', async () => {
    const answer = get();
    const { stream } = await opened.promise;
    let full = stream.send('x'.repeat(1_000_000));
    for (let n = 0; full === undefined && n < 50; n += 1) full = stream.send('x'.repeat(1_000_000));
    expect(full).toBeInstanceOf(Promise);
    (await answer).resume();
    await full;
    stream.end();
  });

  it('tells when the client leaves, and lets nobody wait for it', async () => {
    const answer = get();
    const { stream, gone } = await opened.promise;
    const full = stream.send('x'.repeat(50_000_000));
    (await answer).destroy();
    await full;
    if (!gone.aborted) await new Promise((resolve) => gone.addEventListener('abort', resolve));
    expect(stream.send('more')).toBeUndefined();
  });
});
