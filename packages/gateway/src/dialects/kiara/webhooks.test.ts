import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Hook, type Receiver, startReceiver } from '../../testing/receiver.ts';
import { B, caller, ended, idOf, started } from './testing.ts';

let gateway: TestGateway;
let receiver: Receiver;
beforeAll(async () => {
  gateway = await startTestGateway({ config: 'dialects:\n  kiara:\n    webhook:\n      interval: 5ms\n' });
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());
afterAll(() => gateway.close());

const signatureOf = ({ headers, body }: Hook, secret: string) =>
  createHmac('sha256', secret).update(`${headers['x-kiara-timestamp']}.${body}`).digest('hex');

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
    const body = { ...B, webhook_url: receiver.url, metadata: { order: 'A-17' } };
    const id = idOf(await call('POST', '/v1/generations', body));
    const [hook, ...more] = await receiver.got(1);
    expect(more).toEqual([]);
    expect(hook?.json).toEqual({
      id: expect.stringMatching(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/),
      type: 'generation.completed',
      created_at: expect.stringMatching(/Z$/),
      data: (await call('GET', `/v1/generations/${id}`)).json,
    });
    expect(hook?.headers['x-kiara-signature']).toBe(hook && signatureOf(hook, secret));
  });

  it('tells a failed job once its hold is back, and tries again with the same event', async () => {
    const { call, secret } = await customer();
    receiver.answers.push(500, 500);
    const steering = { 'genlock-sandbox': 'error=content_rejected' };
    const id = idOf(await call('POST', '/v1/generations', { ...B, webhook_url: receiver.url }, steering));
    const attempts = await receiver.got(3);
    expect(attempts).toHaveLength(3);
    expect(new Set(attempts.map(({ body }) => body)).size).toBe(1);
    for (const hook of attempts) expect(hook.headers['x-kiara-signature']).toBe(signatureOf(hook, secret));
    expect(attempts[0]?.json).toMatchObject({
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
    const id = idOf(await call('POST', '/v1/generations', { ...B, webhook_url: receiver.url }, slow));
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
