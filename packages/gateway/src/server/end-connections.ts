import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const SWEEP_MS = 20;

/**
 * Watches the connections of a server, so that it can be closed as soon as its last answer is sent. Node.js only ends connections that
 * became idle before the call of `close`. A connection that becomes idle later, or that never carried a request (opened ahead by a browser
 * or a load balancer), would keep the server open until it times out.
 *
 * @returns a function that calls `close` and ends such connections until it has finished
 */
export function endConnections(server: Server): (close: () => Promise<void>) => Promise<void> {
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  return async (close) => {
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      for (const socket of unused) socket.destroy();
    }, SWEEP_MS);
    await close();
    clearInterval(sweep);
  };
}
