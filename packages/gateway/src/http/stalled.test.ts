import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listen } from '../testing/listen.ts';
import { endStalled } from './stalled.ts';

/** More than the buffers of two sockets hold. */
const MUCH = Buffer.alloc(32 * 1024 * 1024, 'x');
const STALLED_MS = 500;

let server: Server;
let goOn: () => void;
beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  goOn = resolve;
  server = createServer(async ({ url }, response) => {
    if (url === '/later') await promise;
    response.end(url === '/much' ? MUCH : 'done');
  });
  endStalled(server, STALLED_MS);
  await listen(server);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function ask(path: string): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  return socket;
}

/** The server's end of the next connection. */
async function accepted(): Promise<Socket> {
  const [socket] = await once(server, 'connection');
  return socket;
}

it('ends a connection whose client takes nothing', async () => {
  const theirs = accepted();
  const client = ask('/much').pause();
  await once(await theirs, 'close');
  client.destroy();
});

it('leaves a client alone who reads slowly', async () => {
  const client = ask('/much');
  let bytes = 0;
  client.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes >= MUCH.length) return client.destroy();
    // Many pauses, which together are longer than a client may go without reading.
    client.pause();
    setTimeout(() => client.resume(), 2);
  });
  await once(client, 'close');
  expect(bytes).toBeGreaterThanOrEqual(MUCH.length);
});

it('leaves a client alone who waits for what is not there yet', async () => {
  const theirs = accepted();
  const client = ask('/later');
  const socket = await theirs;
  await once(socket, 'timeout');
  goOn();
  const [answer] = await once(client, 'data');
  expect(String(answer)).toContain('done');
  client.destroy();
});

it('ends a connection on which nobody asks again', async () => {
  server.keepAliveTimeout = 1;
  server.keepAliveTimeoutBuffer = 0;
  const client = ask('/');
  await once(client.resume(), 'close');
});
