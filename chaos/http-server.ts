import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly response: ServerResponse;
}

export interface LocalServer {
  readonly url: string;
  close(): void;
}

/** A server on a free port of loopback. */
export async function serve(answer: (call: Call) => Promise<void> | void): Promise<LocalServer> {
  const server = createServer(async (request, response) => {
    // Clients that are killed in the middle of a call are expected.
    request.on('error', () => {});
    response.on('error', () => {});
    try {
      const body = Buffer.concat(await request.toArray()).toString();
      await answer({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        response,
      });
    } catch {
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
