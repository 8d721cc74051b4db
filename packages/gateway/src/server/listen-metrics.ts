import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsText } from '../admin/metrics.ts';
import type { Listen } from '../config/network.ts';

export interface OwnListener {
  readonly url: string;
  close(): Promise<void>;
}

/** A server for `/metrics` alone. Whoever can reach its address may read it. */
export async function listenMetrics(
  { host, port }: Listen,
  render: () => Promise<MetricsText>,
): Promise<OwnListener> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    render().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  await promise.catch((error: Error) => {
    throw new Error(`metrics.listen: cannot listen on ${host}:${port} (${error.message})`);
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}/metrics`,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}
