import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const SWEEP_MS = 20;
/** How long to wait for a client that does not read. */
const STALLED_MS = 2_000;

/**
 * Watches the connections of a server, so that it can be closed as soon as its last answer is sent. Node.js only ends connections that
 * became idle before the call of `close`. Others would keep the server open until it times out: a connection that becomes idle later, one
 * that never carried a request (opened ahead by a browser or a load balancer), or one whose client does not read its answer.
 *
 * @returns a function that calls `close` and ends such connections until it has finished
 */
export function endConnections(server: Server): (close: () => Promise<void>) => Promise<void> {
  /** Each connection, with its last response. */
  const all = new Map<Socket, ServerResponse | undefined>();
  server.on('connection', (socket) => {
    all.set(socket, undefined);
    socket.once('close', () => all.delete(socket));
  });
  server.on('request', ({ socket }, response) => all.set(socket, response));
  // Node.js considers a connection idle once its answer is written, even if it has not been sent yet: a large answer on its way to a slow
  // client would be cut off.
  server.closeIdleConnections = () => {
    for (const [socket, response] of all) if (isIdle(socket, response)) socket.destroy();
  };
  return async (close) => {
    // When this timer fires, the server deals with the connection as with any client that does not read.
    for (const socket of all.keys()) socket.setTimeout(STALLED_MS);
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    await close();
    clearInterval(sweep);
  };
}

function isIdle(socket: Socket, response: ServerResponse | undefined): boolean {
  return response === undefined || (response.writableEnded && socket.writableLength === 0);
}
