import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** As long as common reverse proxies allow between two reads of a client. */
const STALLED_MS = 60_000;

/**
 * Ends a connection whose client has read nothing for a minute of what is being sent: it could otherwise keep memory, an open file, or a
 * text that is being written, for as long as it likes. A client that waits for an answer is left alone, and so is one that reads, however
 * slowly, because the runtime counts every byte that the other side takes.
 */
export function endStalled(server: Server, stalledMs = STALLED_MS): void {
  server.timeout = stalledMs;
  // Without a listener, the runtime itself ends every connection on which nothing happens. That is only right between two requests.
  server.on('request', (_request, response: ServerResponse) => response.on('timeout', onTimeout));
}

function onTimeout(this: ServerResponse, socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
