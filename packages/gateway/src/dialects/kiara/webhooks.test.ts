import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { B, caller, ended, idOf, started } from './testing.ts';

interface Hit {
  readonly body: string;
  readonly timestamp: string;
  readonly signature: string;
}

let gateway: TestGateway;
let receiver: Server;
let url: string;
const hits: Hit[] = [];
const waiting: { count: number; resolve: () => void }[] = [];
/** What the receiver answers, in turn; then 204. */
let answers: number[] = [];

beforeAll(async () => {
  gateway = await startTestGateway({ config: 'dialects:\n  kiara:\n    webhook:\n      interval: 5ms\n' });
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    hits.push({
      body: Buffer.concat(chunks).toString(),
      timestamp: String(request.headers['x-kiara-timestamp']),
      signature: String(request.headers['x-kiara-signature']),
    });
    response.writeHead(answers.shift() ?? 204).end();
    for (const one of waiting) if (hits.length >= one.count) one.resolve();
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  await gateway.close();
  receiver.close();
});

async function received(count: number): Promise<readonly Hit[]> {
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.push({ count, resolve });
  if (hits.length < count) await promise;
  return hits.splice(0);
}

const customer = async () => {
  const { id, key } = await gateway.customer();
  const secret = await gateway.admin<{ secret: string }>(
    'GET',
    `/accounts/${id}/webhook-secret?dialect=kiara&mode=live`,
  );
  return { call: caller(gateway, key.key), secret: secret.body.secret };
};

describe('a webhook', () => {
  it('tells a completed job, signed, in the words in which it is read', async () => {
    const { call, secret } = await customer();
    const body = { ...B, webhook_url: url, metadata: { order: 'A-17' } };
    const id = idOf(await call('POST', '/v1/generations', body));
    const [hit, ...more] = await received(1);
    expect(more).toEqual([]);
    const event = JSON.parse(hit?.body ?? '');
    expect(event).toEqual({
      id: expect.stringMatching(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/),
      type: 'generation.completed',
      created_at: expect.stringMatching(/Z$/),
      data: (await call('GET', `/v1/generations/${id}`)).json,
    });
    const expected = createHmac('sha256', secret).update(`${hit?.timestamp}.${hit?.body}`).digest('hex');
    expect(hit?.signature).toBe(expected);
  });

  it('tells a failed job once its hold is back, and tries again with the same event', async () => {
    const { call, secret } = await customer();
    answers = [500, 500];
    const steering = { 'genlock-sandbox': 'error=content_rejected' };
    const id = idOf(await call('POST', '/v1/generations', { ...B, webhook_url: url }, steering));
    const attempts = await received(3);
    expect(attempts).toHaveLength(3);
    expect(new Set(attempts.map(({ body }) => body)).size).toBe(1);
    for (const { timestamp, body, signature } of attempts)
      expect(signature).toBe(createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'));
    expect(JSON.parse(attempts[0]?.body ?? '')).toMatchObject({
      type: 'generation.failed',
      data: {
        id,
        status: 'failed',
        error: { code: 'generation_failed' },
        credits: { held: 0, charged: 0, refunded: 10 },
      },
    });
  });

  it('tells nothing of a canceled job', async () => {
    const { call } = await customer();
    const slow = { 'genlock-sandbox': 'delay=600s' };
    const id = idOf(await call('POST', '/v1/generations', { ...B, webhook_url: url }, slow));
    await started(gateway, id);
    await gateway.admin('POST', `/generations/${id}/cancel`);
    expect((await ended(gateway, call, id)).json.status).toBe('canceled');
    expect(await gateway.core.store.deliveries(id)).toEqual([]);
  });

  it('waits eight times 30 s and is then given up, unless configured otherwise', () => {
    const scheme = gateway.core.dialects.get('kiara')?.webhookScheme;
    const webhook = { timeoutMs: 10_000, retries: 8, intervalMs: 30_000 };
    const settings = gateway.core.config().dialects.kiara;
    if (scheme === undefined || settings === undefined) throw new Error('no kiara');
    const published = scheme({ ...settings, webhook });
    expect(published.timeoutMs).toBe(10_000);
    const delays = Array.from({ length: 9 }, (_, n) => published.nextDelayMs(n + 1));
    expect(delays).toEqual([...Array(8).fill(30_000), undefined]);
  });
});
