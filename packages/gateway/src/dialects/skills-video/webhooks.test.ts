import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Hook, type Receiver, startReceiver } from '../../testing/receiver.ts';
import {
  type Customer,
  create,
  customer,
  eventsIn,
  IMAGE,
  idOf,
  P,
  run,
  SPEECH,
  started,
  stream,
} from './testing.ts';

interface Told {
  readonly type: string;
  readonly timestamp: string;
  readonly prediction: { readonly [name: string]: unknown };
}

let gateway: TestGateway;
let receiver: Receiver;
let ann: Customer;
let secret: string;
let endpoint: string;

beforeAll(async () => {
  gateway = await startTestGateway({ config: 'dialects: { skills-video: { webhook: { interval: 5ms } } }' });
});
beforeEach(async () => {
  receiver = await startReceiver();
  ann = await customer(gateway);
  ({ secret, endpoint } = await subscribe());
});
afterEach(() => receiver.close());
afterAll(() => gateway.close());

async function subscribe(events?: readonly string[]): Promise<{ secret: string; endpoint: string }> {
  const body = { dialect: 'skills-video', url: receiver.url, ...(events && { events }) };
  const made = await gateway.admin<{ id: string; secret: string }>(
    'POST',
    `/accounts/${ann.id}/webhook-endpoints`,
    body,
  );
  expect(made.status).toBe(201);
  return { secret: made.body.secret, endpoint: made.body.id };
}

const told = ({ json }: Hook): Told => json;

function signatureOf({ headers, body }: Pick<Hook, 'headers' | 'body'>, key: string): string {
  const { 'webhook-id': id, 'webhook-timestamp': at } = headers;
  const bytes = Buffer.from(key.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', bytes).update(`${id}.${at}.${body}`).digest('base64')}`;
}

describe('webhooks', () => {
  it('tell that a task was created, has started and completed, signed by the standard', async () => {
    const task = await run(gateway, ann.call, IMAGE, P);
    const all = await receiver.got(3);
    const byType = new Map(all.map((hit) => [told(hit).type, told(hit)]));
    expect([...byType.keys()].sort()).toEqual(['task.completed', 'task.created', 'task.started']);
    const { input, ...rest } = task.json;
    const common = { id: task.json.id, provider: 'bytedance', model: 'seedream-5-lite', input };
    const none = { data: null, usage: { total: 0, subscription: 0, permanent: 0 } };
    expect(byType.get('task.created')?.prediction).toEqual({
      ...common,
      ...none,
      state: 'queued',
      status: 'IN_QUEUE',
    });
    expect(byType.get('task.started')?.prediction).toEqual({
      ...common,
      ...none,
      state: 'running',
      status: 'IN_PROGRESS',
    });
    expect(byType.get('task.completed')?.prediction).toEqual({ ...common, ...rest, state: 'succeeded' });
    for (const hit of all) {
      expect(told(hit).timestamp).toMatch(/Z$/);
      expect(hit.headers['content-type']).toBe('application/json');
      expect(hit.headers['webhook-id']).toMatch(/^msg_/);
      expect(hit.headers['webhook-signature']).toBe(signatureOf(hit, secret));
    }
  });

  it('of a streamed task that failed carry the code of the stream, and come again under the same id', async () => {
    receiver.answers.push(500, 500, 500);
    const answer = await ann.call('POST', stream(IMAGE), P, { 'genlock-sandbox': 'error=content_rejected' });
    const last = eventsIn(answer.text).at(-1);
    const hits = await receiver.got(6);
    const failures = hits.filter((hit) => told(hit).type === 'task.failed');
    expect(told(failures[0] as Hook).prediction).toMatchObject({
      ...last,
      state: 'failed',
      code: 'IMAGE_GENERATION_CONTENT_REJECTED',
    });
    expect(new Set(hits.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    for (const hit of hits) expect(hit.headers['webhook-signature']).toBe(signatureOf(hit, secret));
  });

  it('tell a cancellation, and only what was asked for', async () => {
    await subscribe(['task.canceled']);
    const id = idOf(await ann.call('POST', create(IMAGE), P, { 'genlock-sandbox': 'delay=600s' }));
    await started(gateway, id);
    await gateway.admin('POST', `/generations/${id}/cancel`);
    const all = await receiver.got(4);
    expect(all.map((hit) => told(hit).type).sort()).toEqual([
      'task.canceled',
      'task.canceled',
      'task.created',
      'task.started',
    ]);
    const canceled = all.map(told).find(({ type }) => type === 'task.canceled');
    expect(canceled?.prediction).toMatchObject({ id, state: 'canceled', status: 'CANCELED' });
    expect(canceled?.prediction).not.toHaveProperty('code');
  });

  it('stop for good when the receiver says that it is gone', async () => {
    receiver.answers.push(410, 410, 410);
    const task = await run(gateway, ann.call, IMAGE, P, 'error=upstream_failed delay=500ms');
    await receiver.got(1);
    await expect.poll(async () => (await gateway.core.store.endpoint(endpoint))?.status).toBe('disabled');
    const pending = async () =>
      (await gateway.core.store.deliveriesOf(endpoint, 10)).data.filter(({ status }) => status === 'pending');
    await expect.poll(pending).toEqual([]);
    const before = receiver.hooks.length;
    await run(gateway, ann.call, IMAGE, P);
    expect(receiver.hooks).toHaveLength(before);
    expect(task.json.status).toBe('FAILED');
  });

  it('tell nothing of synchronous speech, nor of a call that was refused', async () => {
    const input = { text: 'x' };
    expect((await ann.call('POST', '/api/ai/tts/generate', { modelId: SPEECH, input })).status).toBe(200);
    expect((await ann.call('POST', create(IMAGE), {})).status).toBe(400);
    const { data } = await gateway.core.store.deliveriesOf(endpoint, 10);
    expect(data).toEqual([]);
  });

  it('are signed with each secret while one replaces the other, and repeated on the published schedule', () => {
    const dialect = gateway.core.dialects.get('skills-video');
    const settings = gateway.core.config().dialects['skills-video'];
    if (dialect === undefined || settings === undefined) throw new Error('no skills-video');
    const scheme = dialect.webhookScheme({
      ...settings,
      webhook: { timeoutMs: 15_000, retries: 7, intervalMs: 5_000 },
    });
    expect(Array.from({ length: 8 }, (_, n) => scheme.nextDelayMs(n + 1))).toEqual([
      5_000,
      300_000,
      1_800_000,
      7_200_000,
      18_000_000,
      36_000_000,
      36_000_000,
      undefined,
    ]);
    expect([scheme.timeoutMs, scheme.goneStatus]).toEqual([15_000, 410]);
    const delivery = { id: 'msg_1', body: '{}' } as Parameters<typeof scheme.headers>[0]['delivery'];
    const signed = scheme.headers({ delivery, secrets: [secret, 'whsec_b2xk'], nowMs: 1_700_000_000_999 });
    const hit = { headers: signed, body: '{}' };
    expect(signed['webhook-signature']).toBe(`${signatureOf(hit, secret)} ${signatureOf(hit, 'whsec_b2xk')}`);
  });
});
