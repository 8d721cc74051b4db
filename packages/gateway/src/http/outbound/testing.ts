import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach } from 'vitest';
import { createOutbound, type Outbound, OutboundError, type OutboundOptions } from './outbound.ts';
import { TEST_TLS_CERTIFICATE, TEST_TLS_KEY } from './test-certificate.ts';

/* What the tests of this folder share. Everything opened here is closed after each test. */

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

export function outbound(options: Partial<OutboundOptions> = {}): Outbound {
  const made = createOutbound({ allow: [], allowLoopback: true, ...options });
  closers.push(() => made.close());
  return made;
}

export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

export const serve = async (listener: RequestListener) =>
  `http://127.0.0.1:${await listen(createServer(listener))}`;
export const serveTls = (listener: RequestListener) =>
  listen(createTlsServer({ key: TEST_TLS_KEY, cert: TEST_TLS_CERTIFICATE }, listener));

export async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export const GET = { timeoutMs: 10_000, maxBytes: 10_000, maxRedirects: 3 } as const;
export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** A server that never answers: a call that waits for it fails its test by the time limit. */
export const NEVER: RequestListener = () => {};

export async function failure(promise: Promise<unknown>): Promise<OutboundError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof OutboundError)) throw new Error(`expected OutboundError, got ${String(thrown)}`);
  return thrown;
}
