import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface ConsumerService {
  readonly origin: string;
  close(): void;
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type, idempotency-key',
  'access-control-expose-headers': 'retry-after, retry-after-ms, x-request-id',
};
const JSON_TYPE = { ...CORS, 'content-type': 'application/json' };

/** The service for the package's consumer, also for a page of another origin. For each new key the first POST is dropped after its work. */
export async function startConsumerService(): Promise<ConsumerService> {
  const posts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    await buffer(request);
    if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end();
    if (request.url === '/busy') {
      const body = { error: { code: 'queue_full', message: 'm', request_id: 'req_1' } };
      return void response.writeHead(429, { ...JSON_TYPE, 'retry-after': '7' }).end(JSON.stringify(body));
    }
    if (request.url !== '/v1/generations') return void response.writeHead(404, CORS).end();
    const key = String(request.headers['idempotency-key']);
    const times = (posts.get(key) ?? 0) + 1;
    posts.set(key, times);
    if (times === 1) return void response.destroy();
    if (times === 2) return void response.writeHead(429, { ...JSON_TYPE, 'retry-after-ms': '5' }).end('{}');
    response.writeHead(201, JSON_TYPE).end(JSON.stringify({ id: 'gen_1', times }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The results that the consumer must arrive at. */
export const EXPECTED = {
  refused: ['queue_full', 'wait', 7000, 'Kiara, which is busy'],
  small: ['queue_full', 'wait', 'pace'],
  failed: ['content_rejected', 'rewrite_prompt'],
  made: [201, { id: 'gen_1', times: 3 }],
  missing: 404,
  retries: ['lost', 'rate_limited'],
  webhooks: [
    ['upstream_failed', 'signature_wrong'],
    ['upstream_failed', 'signature_wrong'],
  ],
};
