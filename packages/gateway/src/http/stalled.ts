import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** As long as common reverse proxies give a client between two reads. */
const STALLED_MS = 60_000;

/**
 * Ends a connection whose client takes nothing of what is sent to it for a minute: it would keep its memory, an open file or a text that is
 * being written for as long as it likes. A client who waits for something that is not there yet is left alone, and so is one who reads,
 * however slowly: the runtime counts every byte that the other side takes.
 */
export function endStalled(server: Server, stalledMs = STALLED_MS): void {
  server.timeout = stalledMs;
  // Without a listener the runtime itself ends a connection on which nothing happens, which is right between two requests only.
  server.on('request', (_request, response: ServerResponse) => response.on('timeout', onTimeout));
}

function onTimeout(this: ServerResponse, socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
