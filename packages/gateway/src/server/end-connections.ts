import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const SWEEP_MS = 20;
/** A client who takes nothing for so long is not waited for. */
const STALLED_MS = 2_000;

/**
 * Watches the connections of a server, so that it can be closed as soon as its last answer is sent. Node.js only ends connections that
 * became idle before the call of `close`. A connection that becomes idle later, or that never carried a request (opened ahead by a browser
 * or a load balancer), would keep the server open until it times out. So would one whose client reads nothing of its answer.
 *
 * @returns a function that calls `close` and ends such connections until it has finished
 */
export function endConnections(server: Server): (close: () => Promise<void>) => Promise<void> {
  /** With what was answered on each last. */
  const all = new Map<Socket, ServerResponse | undefined>();
  server.on('connection', (socket) => {
    all.set(socket, undefined);
    socket.once('close', () => all.delete(socket));
  });
  server.on('request', ({ socket }, response) => all.set(socket, response));
  // Node.js takes a connection for idle whose answer is written but not yet sent: a large one, on its way to a slow client, would be cut.
  server.closeIdleConnections = () => {
    for (const [socket, response] of all) if (isIdle(socket, response)) socket.destroy();
  };
  return async (close) => {
    // What happens then is the server's own conduct towards those who take nothing.
    for (const socket of all.keys()) socket.setTimeout(STALLED_MS);
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    await close();
    clearInterval(sweep);
  };
}

function isIdle(socket: Socket, response: ServerResponse | undefined): boolean {
  return response === undefined || (response.writableEnded && socket.writableLength === 0);
}
