import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly url: string;
  readonly connections: number;
  /** Breaks a connection once the server has sent matching bytes; one connection for each pattern. */
  cutAfter(...patterns: readonly RegExp[]): void;
  /** Breaks all open connections. */
  cut(): void;
  close(): Promise<void>;
}

/** Passes bytes between a client and a server, and breaks connections on request. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let patterns: RegExp[] = [];
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(Number(port), hostname);
    let told = '';
    const end = () => {
      client.destroy();
      upstream.destroy();
      open.delete(client);
    };
    open.add(client);
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      told += bytes.toString('latin1');
      const [pattern] = patterns;
      if (pattern?.test(told) !== true) return void client.write(bytes);
      patterns.shift();
      // The match is passed on completely, and nothing after it.
      const match = pattern.exec(told);
      const kept = bytes.length - (told.length - ((match?.index ?? 0) + (match?.[0].length ?? 0)));
      client.write(bytes.subarray(0, Math.max(0, kept)), end);
    });
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    cutAfter: (...next) => {
      patterns = [...next];
    },
    cut: () => {
      for (const socket of open) socket.resetAndDestroy();
    },
    close: () =>
      new Promise((closed) => {
        for (const socket of open) socket.destroy();
        server.close(() => closed());
      }),
  };
}
