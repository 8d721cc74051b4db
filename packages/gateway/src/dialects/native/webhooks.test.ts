import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Hook, type Receiver, startReceiver } from '../../testing/receiver.ts';
import { type Call, customer, ended, expectProblem, IMAGE, idOf } from './testing.ts';

let gateway: TestGateway;
let receiver: Receiver;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: 'dialects: {native: {webhook: {interval: 5ms, retries: 2}}}\n',
  });
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());
afterAll(() => gateway.close());

/** As a receiver checks it: any matching signature is enough. */
function isGenuine({ headers, body }: Hook, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}

const endpoint = async (call: Call, body: object) => (await call('POST', '/webhook-endpoints', body)).json;

describe('a webhook that comes with an order', () => {
  it('tells the end, signed with the secret of the account', async () => {
    const { call } = await customer(gateway);
    const { secret } = (await call('GET', '/webhook-secret')).json as { secret: string };
    const id = idOf(await call('POST', '/generations', { ...IMAGE, webhook: { url: receiver.url } }));
    const [hook, ...more] = await receiver.got(1);
    expect(more).toEqual([]);
    expect(hook && isGenuine(hook, secret)).toBe(true);
    expect(hook?.json).toEqual({
      type: 'generation.succeeded',
      timestamp: expect.stringMatching(/Z$/),
      data: (await call('GET', `/generations/${id}`)).json,
    });
    const { data } = (await call('GET', `/generations/${id}/deliveries`)).json as { data: object[] };
    expect(data).toMatchObject([{ event: 'generation.succeeded', endpoint_id: null, generation_id: id }]);
  });

  it('tells the events that were asked for, and is signed anew after a rotation', async () => {
    const { call } = await customer(gateway);
    const rotated = (await call('POST', '/webhook-secret/rotate')).json as { secret: string };
    expect((await call('GET', '/webhook-secret')).json).toEqual(rotated);
    const webhook = {
      url: receiver.url,
      events: ['generation.created', 'generation.started', 'generation.failed'],
    };
    await call(
      'POST',
      '/generations',
      { ...IMAGE, webhook },
      { 'genlock-sandbox': 'error=content_rejected' },
    );
    const told = await receiver.got(3);
    expect(told.map(({ json }) => json.type).toSorted()).toEqual(webhook.events.toSorted());
    for (const hook of told) expect(isGenuine(hook, rotated.secret)).toBe(true);
  });
});

describe('an endpoint', () => {
  it('is set up, read, listed, changed and removed', async () => {
    const { call } = await customer(gateway);
    const made = await call('POST', '/webhook-endpoints', { url: receiver.url });
    expect(made.status).toBe(201);
    const { secret, ...shown } = made.json;
    expect(secret).toMatch(/^whsec_/);
    expect(shown).toMatchObject({
      object: 'webhook_endpoint',
      status: 'active',
      events: ['generation.succeeded', 'generation.failed', 'generation.canceled'],
    });
    expect(made.headers.get('location')).toBe(`/v1/webhook-endpoints/${String(shown.id)}`);
    const path = `/webhook-endpoints/${String(shown.id)}`;
    expect((await call('GET', path)).json).toEqual(shown);
    expect((await call('GET', '/webhook-endpoints')).json.data).toEqual([shown]);
    const changed = await call('PATCH', path, { events: ['generation.failed'], status: 'disabled' });
    expect(changed.json).toEqual({ ...shown, events: ['generation.failed'], status: 'disabled' });
    expectProblem(await call('PATCH', path, { url: 'nonsense' }), 'invalid_parameter@422', 'url');
    expectProblem(await call('PATCH', path, { secret: 'mine' }), 'invalid_parameter@422', 'secret');
    const gone = await call('DELETE', path);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expectProblem(await call('GET', path), 'not_found@404');
  });

  it('hears of every generation, with its log to read and to send again from', async () => {
    const { call } = await customer(gateway);
    const { id, secret } = (await endpoint(call, { url: receiver.url })) as { id: string; secret: string };
    receiver.answers.push(500);
    const generation = idOf(await call('POST', '/generations', IMAGE));
    const attempts = await receiver.got(2);
    expect(new Set(attempts.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
    for (const hook of attempts) expect(isGenuine(hook, secret)).toBe(true);
    const log = `/webhook-endpoints/${id}/deliveries`;
    const deliveries = async () => (await call('GET', log)).json.data as { id: string; status: string }[];
    await expect.poll(async () => (await deliveries())[0]?.status).toBe('delivered');
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({
      event: 'generation.succeeded',
      generation_id: generation,
      endpoint_id: id,
      attempts: [
        { status: 500, error: 'answered 500' },
        { status: 204, error: null },
      ],
    });
    const again = await call('POST', `/webhook-deliveries/${delivery?.id}/redeliver`);
    expect([again.status, again.json.status]).toEqual([202, 'pending']);
    await receiver.got(3);
    expect((await call('GET', `/webhook-deliveries/${delivery?.id}`)).json.id).toBe(delivery?.id);
    expect((await call('GET', `${log}?limit=1`)).json.next_cursor).toBeNull();
  });

  it('is signed with both secrets while one is being rotated', async () => {
    const { call } = await customer(gateway);
    const { id, secret: old } = (await endpoint(call, { url: receiver.url })) as {
      id: string;
      secret: string;
    };
    const turn = await call('POST', `/webhook-endpoints/${id}/rotate-secret`, { overlap_seconds: 60 });
    const { secret, old_secret_expires_at } = turn.json as Record<string, string>;
    expect(new Date(old_secret_expires_at ?? '').getTime()).toBeGreaterThan(Date.now() + 30_000);
    await call('POST', '/generations', IMAGE);
    const [both] = await receiver.got(1);
    expect([both && isGenuine(both, old), both && isGenuine(both, secret ?? '')]).toEqual([true, true]);

    const now = await call('POST', `/webhook-endpoints/${id}/rotate-secret`, { overlap_seconds: 0 });
    await call('POST', '/generations', IMAGE);
    const [, last] = await receiver.got(2);
    expect([last && isGenuine(last, secret ?? ''), last && isGenuine(last, String(now.json.secret))]).toEqual(
      [false, true],
    );
    const bad = await call('POST', `/webhook-endpoints/${id}/rotate-secret`, { overlap_seconds: 604_801 });
    expectProblem(bad, 'invalid_parameter@422', 'overlap_seconds');
  });

  it('that says it is gone is disabled', async () => {
    const { call } = await customer(gateway);
    const { id } = (await endpoint(call, { url: receiver.url })) as { id: string };
    receiver.answers.push(410);
    await ended(gateway, call, idOf(await call('POST', '/generations', IMAGE)));
    await receiver.got(1);
    await expect
      .poll(async () => (await call('GET', `/webhook-endpoints/${id}`)).json.status)
      .toBe('disabled');
  });

  it('is one of twenty at most', async () => {
    const { call } = await customer(gateway);
    for (let n = 0; n < 20; n++)
      expect((await call('POST', '/webhook-endpoints', { url: receiver.url })).status).toBe(201);
    expectProblem(await call('POST', '/webhook-endpoints', { url: receiver.url }), 'invalid_state@409');
  });
});
