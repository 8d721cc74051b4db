import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Hook, type Receiver, startReceiver } from '../../testing/receiver.ts';
import { customer, ended, IMG, idOf } from './testing.ts';

let gateway: TestGateway;
const receivers: Receiver[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({
    config: 'dialects:\n  skytells:\n    webhook: {interval: 20ms}\n',
  });
});
afterEach(() => {
  for (const receiver of receivers.splice(0)) receiver.close();
});
afterAll(() => gateway.close());

const receiver = async () => {
  const made = await startReceiver();
  receivers.push(made);
  return made;
};
const signed = ({ headers, body }: Hook, key: string) =>
  headers['x-skytells-signature'] === createHmac('sha256', key).update(body).digest('hex');
const OUTCOMES = {
  succeeded: '',
  failed: 'error=content_rejected',
} as const;
const steered = (status: keyof typeof OUTCOMES) => ({ 'genlock-sandbox': OUTCOMES[status] });

/**
 * Everything that a prediction has sent once it has ended. It is complete by then, because deliveries are written together with the end.
 */
async function hooksOf(webhook: unknown, status: keyof typeof OUTCOMES, expected: number, more: object = {}) {
  const { call, key } = await customer(gateway);
  const created = await call('POST', '/v1/predict', { ...IMG, webhook, ...more }, steered(status));
  const id = idOf(created);
  const read = await ended(gateway, call, id);
  const { body } = await gateway.admin<{ data: object[] }>('GET', `/webhook-deliveries?generation_id=${id}`);
  expect(body.data).toHaveLength(expected);
  return { id, key, created, read };
}

describe('a webhook', () => {
  it.each(['succeeded', 'failed'] as const)(
    'by v1 names tells start and %s in an envelope',
    async (status) => {
      const to = await receiver();
      const events = ['prediction.started', `prediction.${status}`, 'prediction.nonsense'];
      const { id, key, created, read } = await hooksOf({ url: to.url, events }, status, 2);
      expect(created.json.webhook).toEqual({ url: to.url, events });
      const hooks = [...(await to.got(2))].sort(
        (a, b) => (a.body.includes('.started') ? -1 : 1) - (b ? 0 : 0),
      );
      const bodies = hooks.map(({ json }) => json);
      const start = bodies.find(({ type }) => type === 'prediction.started');
      const end = bodies.find(({ type }) => type === `prediction.${status}`);
      expect(start).toEqual({
        type: 'prediction.started',
        created_at: expect.stringMatching(/Z$/),
        data: expect.objectContaining({ id, status: 'started', output: null }),
      });
      expect(end.data).toEqual(read.json);
      for (const hook of hooks) {
        expect(hook.headers['content-type']).toBe('application/json');
        expect(signed(hook, key)).toBe(true);
      }
    },
  );

  it.each(['succeeded', 'failed'] as const)(
    'by short names tells the bare prediction: %s',
    async (status) => {
      const to = await receiver();
      const events = ['started', status === 'succeeded' ? 'completed' : 'failed'];
      const { read } = await hooksOf({ url: to.url, events }, status, 2);
      const bodies = (await to.got(2)).map(({ json }) => json);
      expect(bodies.map((body) => body.status).sort()).toEqual([status, 'started'].sort());
      expect(bodies.find((body) => body.status === status)).toEqual(read.json);
    },
  );

  it.each([
    ['a bare URL', (url: string) => url],
    ['no events', (url: string) => ({ url, events: [] })],
  ])('by %s tells every end and no start', async (_name, webhook) => {
    for (const status of ['succeeded', 'failed'] as const) {
      const to = await receiver();
      const { id } = await hooksOf(webhook(to.url), status, 1);
      expect((await to.got(1))[0]?.json).toMatchObject({ id, status });
    }
  });

  it('with an events filter of a tutorial tells the end', async () => {
    const to = await receiver();
    const more = { webhook_events_filter: ['completed', 'logs'] };
    const { created } = await hooksOf(to.url, 'failed', 1, more);
    expect(created.json.webhook).toMatchObject({ events: ['completed', 'failed', 'canceled', 'logs'] });
    expect((await to.got(1))[0]?.json).toMatchObject({ status: 'failed' });
  });

  it.each([
    ['canceled', undefined],
    ['cancelled', undefined],
    ['prediction.cancelled', 'prediction.cancelled'],
    ['prediction.canceled', 'prediction.cancelled'],
  ])('by %s tells a cancellation', async (name, type) => {
    const to = await receiver();
    const { call } = await customer(gateway);
    const webhook = { url: to.url, events: [name] };
    const created = await call(
      'POST',
      '/v1/predict',
      { ...IMG, webhook },
      { 'genlock-sandbox': 'delay=60s' },
    );
    await call('POST', `/v1/predictions/${idOf(created)}/cancel`);
    const told = (await to.got(1))[0]?.json;
    expect(told.type).toBe(type ?? 'inference');
    expect(type === undefined ? told : told.data).toMatchObject({ id: idOf(created), status: 'cancelled' });
  });

  it('is sent once for an event that is named twice, and not at all for others', async () => {
    const to = await receiver();
    await hooksOf({ url: to.url, events: ['completed', 'prediction.succeeded'] }, 'succeeded', 1);
    await hooksOf({ url: to.url, events: ['prediction.failed', 'nonsense'] }, 'succeeded', 0);
    expect(await to.got(1)).toHaveLength(1);
  });

  it('is sent again, the same to the byte, until it is taken', async () => {
    const to = await receiver();
    to.answers.push(500, 500);
    const { id, key, read } = await hooksOf({ url: to.url, events: ['completed'] }, 'succeeded', 1);
    const hooks = await to.got(3);
    expect(new Set(hooks.map(({ body }) => body)).size).toBe(1);
    expect(new Set(hooks.map(({ headers }) => headers['x-skytells-signature'])).size).toBe(1);
    for (const hook of hooks) expect(signed(hook, key)).toBe(true);
    expect(hooks[0]?.json).toEqual(read.json);
    expect((await gateway.core.store.generation(id))?.status).toBe('succeeded');
  });
});

describe('the signature', () => {
  it('is made with the key of the call, also by a bearer token, and survives a restart', async () => {
    const to = await receiver();
    const first = await startTestGateway({ worker: false });
    const mine = await customer(first);
    const { key } = await first.createKey(mine.id, { dialect: 'skytells' });
    const webhook = { url: to.url, events: ['completed'] };
    const created = await mine.call(
      'POST',
      '/v1/predict',
      { ...IMG, webhook },
      {
        'x-api-key': '',
        authorization: `Bearer ${key}`,
      },
    );
    const again = await first.restart({ worker: true });
    const [hook] = await to.got(1);
    expect(hook && signed(hook, key)).toBe(true);
    expect(hook && signed(hook, mine.key)).toBe(false);
    // Kept sealed until the end, and then deleted.
    const stored = await again.core.store.generation(idOf(created));
    expect(stored?.webhook).toEqual(webhook);
    await again.close();
  });

  it('is sealed in the store meanwhile', async () => {
    const { call, key } = await customer(gateway);
    const webhook = { url: 'https://example.com/h', events: ['completed'] };
    const created = await call(
      'POST',
      '/v1/predict',
      { ...IMG, webhook },
      { 'genlock-sandbox': 'delay=60s' },
    );
    const stored = await gateway.core.store.generation(idOf(created));
    expect(stored?.webhook?.sealedSecret).toMatch(/^gs1\./);
    expect(JSON.stringify(stored)).not.toContain(key);
    expect(created.text).not.toContain('gs1.');
    const told = await gateway.admin('GET', `/generations/${idOf(created)}`);
    expect(JSON.stringify(told.body)).not.toContain('gs1.');
    await call('DELETE', `/v1/predictions/${idOf(created)}`);
  });

  it("on the Enterprise plan is made with the account's secret", async () => {
    const to = await receiver();
    const { id, call, key } = await customer(gateway, { plan: 'enterprise' });
    await call('POST', '/v1/predict', { ...IMG, webhook: { url: to.url, events: ['completed'] } });
    const path = `/accounts/${id}/webhook-secret?dialect=skytells&mode=live`;
    const { body } = await gateway.admin<{ secret: string }>('GET', path);
    const [hook] = await to.got(1);
    expect(hook && signed(hook, body.secret)).toBe(true);
    expect(hook && signed(hook, key)).toBe(false);
  });
});
