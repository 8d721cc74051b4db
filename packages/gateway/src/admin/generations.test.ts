import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForEnd } from '../gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { expectProblem, orderImage } from './testing.ts';

let gateway: TestGateway;
let receiver: Receiver;
beforeAll(async () => {
  gateway = await startTestGateway();
  receiver = await startReceiver();
});
afterAll(async () => {
  await gateway.close();
  receiver.close();
});

/** A job that stays at its provider until something ends it. */
const SLOW = { prompt: 'a mug [[sandbox delay=60s]]' };

describe('GET /generations/{id}', () => {
  it('tells the whole truth of one that succeeded', async () => {
    const { id: account, key } = await gateway.customer();
    const id = await orderImage(gateway, key.key);
    await waitForEnd(gateway.core, id, 30_000);
    const { status, body } = await gateway.admin('GET', `/generations/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      dialect: 'kiara',
      account_id: account,
      key_id: key.id,
      model: 'kiara-vogue',
      mode: 'live',
      status: 'succeeded',
      input: { prompt: 'a red mug on oak' },
      error: null,
      created_at: expect.any(String),
      started_at: expect.any(String),
      finished_at: expect.any(String),
      attempts: [{ n: 1, provider: 'sandbox', outcome: 'succeeded', error: null }],
      transfers: [{ type: 'hold' }, { type: 'capture' }],
      assets: [{ content_type: 'image/jpeg', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      deliveries: [],
    });
    expect(body.charged_usd).toBe(body.quote_usd);
    // The sandbox costs nothing and reports no cost.
    expect(body.cost_usd).toBeNull();
    expect(Number(body.charged_usd)).toBeGreaterThan(0);
  });

  it('shows the operator what the provider really said', async () => {
    const { key } = await gateway.customer();
    const id = await orderImage(gateway, key.key, { prompt: 'a mug [[sandbox error=content_rejected]]' });
    await waitForEnd(gateway.core, id, 30_000);
    const { body } = await gateway.admin('GET', `/generations/${id}`);
    expect(body).toMatchObject({
      status: 'failed',
      error: { code: 'content_rejected', message: expect.any(String), request_id: expect.any(String) },
      charged_usd: '0',
      attempts: [{ n: 1, outcome: 'failed', error: { code: 'content_rejected' } }],
      transfers: [{ type: 'hold' }, { type: 'release' }],
      assets: [],
    });
    expect(body.attempts).toHaveProperty('[0].error.raw');
  });

  it('knows no generation', async () => {
    expectProblem(await gateway.admin('GET', '/generations/gen_x'), 404);
    expectProblem(await gateway.admin('GET', '/generations/%00'), 404);
  });

  it('says 503 when the store is broken', async () => {
    const { key } = await gateway.customer();
    const id = await orderImage(gateway, key.key, SLOW);
    await gateway.admin('POST', '/faults', { point: 'store.read', effect: 'error', times: 1000 });
    expectProblem(await gateway.admin('GET', `/generations/${id}`), 503);
    expect((await gateway.admin('DELETE', '/faults')).status).toBe(200);
    expect((await gateway.admin('POST', `/generations/${id}/cancel`)).status).toBe(200);
  });
});

describe('POST /generations/{id}/cancel', () => {
  it('ends a running job and releases all of its hold, however often', async () => {
    const { id: account, key } = await gateway.customer({ credit_usd: '1' });
    const id = await orderImage(gateway, key.key, SLOW);
    const { status, body } = await gateway.admin('POST', `/generations/${id}/cancel`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      status: 'canceled',
      charged_usd: '0',
      transfers: [{ type: 'hold' }, { type: 'release' }],
    });
    expect((await gateway.admin('POST', `/generations/${id}/cancel`)).body).toMatchObject({
      status: 'canceled',
      transfers: body.transfers,
    });
    expect((await gateway.admin('GET', `/accounts/${account}`)).body).toMatchObject({
      balance: { available_usd: '1', held_usd: '0' },
    });
  });

  it('refuses what has ended, and knows no others', async () => {
    const { key } = await gateway.customer();
    const id = await orderImage(gateway, key.key);
    await waitForEnd(gateway.core, id, 30_000);
    expectProblem(await gateway.admin('POST', `/generations/${id}/cancel`), 409);
    expectProblem(await gateway.admin('POST', '/generations/gen_x/cancel'), 404);
  });
});

describe('webhook deliveries', () => {
  it('are listed with their attempts and sent again', async () => {
    const { key } = await gateway.customer();
    const id = await orderImage(gateway, key.key, { webhook_url: receiver.url });
    await receiver.got(1);

    type List = { data: { id: string; status: string; attempts: object[] }[] };
    const list = async () =>
      (await gateway.admin<List>('GET', `/webhook-deliveries?generation_id=${id}`)).body.data;
    const settled = async (attempts: number) => {
      for (;;) {
        const [delivery] = await list();
        if (delivery?.status === 'delivered' && delivery.attempts.length === attempts) return delivery;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const delivery = await settled(1);
    expect(Object.keys(delivery)).toEqual(['id', 'event', 'url', 'status', 'attempts']);
    expect(delivery).toMatchObject({
      url: receiver.url,
      attempts: [{ at: expect.any(String), status: 204, error: null }],
    });
    expect((await gateway.admin<List>('GET', `/generations/${id}`)).body).toMatchObject({
      deliveries: [delivery],
    });

    expect(await gateway.admin('POST', `/webhook-deliveries/${delivery.id}/redeliver`)).toMatchObject({
      status: 200,
      body: { id: delivery.id },
    });
    await receiver.got(2);
    await settled(2);
  });

  it('need a generation that exists', async () => {
    expectProblem(await gateway.admin('GET', '/webhook-deliveries'), 422, 'generation_id');
    expectProblem(await gateway.admin('GET', '/webhook-deliveries?generation_id=gen_x'), 404);
    expectProblem(await gateway.admin('POST', '/webhook-deliveries/dlv_x/redeliver'), 404);
  });
});
