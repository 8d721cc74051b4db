import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const SWEEP_MS = 20;

/**
 * Watches the connections of a server, so that it can be closed as soon as its last answer is told. Node.js ends those that fell
 * idle before the call; one that falls idle later, or that nobody has ever asked anything on (a browser's, opened ahead; a load
 * balancer's), would hold the server open until it times out.
 *
 * @returns closes by `close`, and ends such connections while that lasts
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
