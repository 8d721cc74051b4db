import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { beforeEach, expect, it } from 'vitest';
import { endStalled } from '../http/stalled.ts';
import { listen } from '../testing/listen.ts';
import { endConnections } from './end-connections.ts';

/** More than the buffers of two sockets hold. */
const MUCH = Buffer.alloc(32 * 1024 * 1024, 'x');

let server: Server;
let close: () => Promise<void>;
let goOn: () => void;
beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  goOn = resolve;
  server = createServer(async ({ url }, response) => {
    if (url === '/later') await promise;
    response.end(MUCH);
  });
  endStalled(server);
  const ending = endConnections(server);
  close = () => ending(() => new Promise((closed) => server.close(() => closed())));
  await listen(server);
});

async function ask(path: string): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const asked = once(server, 'request');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await asked;
  return socket;
}

async function bytesOf(socket: Socket): Promise<number> {
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  await once(socket.resume(), 'close');
  return bytes;
}

it.each([
  ['before', '/much', () => {}],
  ['while it closes', '/later', () => goOn()],
])('lets a client read an answer to its end that was written %s', async (_when, path, write) => {
  const client = await ask(path);
  const closed = close();
  write();
  expect(await bytesOf(client)).toBeGreaterThan(MUCH.length);
  await closed;
});

it('does not wait for a client who reads nothing', async () => {
  const client = await ask('/much');
  await close();
  client.destroy();
});
