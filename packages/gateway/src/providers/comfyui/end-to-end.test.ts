import { afterEach, describe, expect, it } from 'vitest';
import * as native from '../../dialects/native/testing.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { detailOf } from '../upstream/testing/deliveries.ts';
import { describeJobs } from '../upstream/testing/job-suite.ts';
import { type ComfyDouble, KEY, startComfyDouble, WORKFLOWS } from './testing/double.ts';

const settings = ({ url }: ComfyDouble) => `base_url: "${url}", api_key: "${KEY}", workflows: ${WORKFLOWS}`;

describeJobs('comfyui', {
  start: startComfyDouble,
  settings: (double) => `${settings(double)}, paid: true`,
  models: { image: 'painter', video: 'film', speech: 'talker' },
  order: 'POST /prompt',
  ask: 'GET /queue',
  firstId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/),
  refuse: (double) =>
    double.fails({ type: 'Exception', message: 'The prompt was rejected by content moderation.' }),
  emptyAccount: { status: 401, body: { error: `Unauthorized: ${KEY}` } },
  failure: { status: 503, body: { error: { type: 'busy', message: 'Too many prompts are waiting.' } } },
  takes: (double, order) => void double.take(order),
  words: /comfy|painter|content moderation|KSampler|nodes\.py/i,
});

describe('comfyui, on a machine of one’s own and on a hosted one', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  const begin = async (more: string, hold = false, deadline = '10m') => {
    const double = await startComfyDouble({ hold });
    const gateway = await startTestGateway({
      config: `
providers:
  up: { type: comfyui, ${settings(double)}, poll_interval: 10ms, ${more} }
retries: { base_delay: 1ms, max_delay: 10ms }
deadlines: { image: ${deadline} }
models: { native/genlock/image: { routes: [up/painter] } }
`,
    });
    open.push(double, gateway);
    return { double, gateway };
  };
  const order = async (gateway: TestGateway) => {
    const { call } = await native.customer(gateway);
    const id = native.idOf(await call('POST', '/generations', native.IMAGE));
    const end = async () => ({
      json: (await native.ended(gateway, call, id)).json,
      ...(await detailOf(gateway, id)),
    });
    return { id, call, end };
  };

  it('does again what a restart of the server lost, where it is free', async () => {
    const { double, gateway } = await begin('paid: false', true);
    const { end } = await order(gateway);
    await double.called('GET /queue', 2);
    double.restart();
    double.release();
    const { json, attempts } = await end();
    expect(json).toMatchObject({ status: 'succeeded' });
    expect(attempts).toMatchObject([{ error: { code: 'upstream_failed' } }, { outcome: 'succeeded' }]);
  });

  it('orders nothing anew that a restart of the server lost, where it is paid for', async () => {
    const { double, gateway } = await begin('paid: true', true);
    const { end } = await order(gateway);
    await double.called('GET /queue', 2);
    double.restart();
    expect((await end()).json).toMatchObject({ status: 'failed' });
    expect(double.bought()).toBe(1);
  });

  it('makes a lost order again where it is free; what came through the first time is not done twice', async () => {
    const { double, gateway } = await begin('paid: false');
    double.script('POST /prompt', (seen) => {
      double.take(seen);
      return 'drop';
    });
    const { end } = await order(gateway);
    expect((await end()).json).toMatchObject({ status: 'succeeded' });
    expect([double.count('POST /prompt'), double.bought()]).toEqual([2, 1]);
  });

  it('asks for a lost order until the deadline where it is paid for, and never makes it again', async () => {
    const { double, gateway } = await begin('paid: true', false, '2s');
    double.script('POST /prompt', 'drop');
    const { end } = await order(gateway);
    expect((await end()).json).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
    expect([double.count('POST /prompt'), double.bought()]).toEqual([1, 0]);
    expect(double.count('GET /queue')).toBeGreaterThan(1);
  });

  it('interrupts what runs when its customer cancels it', async () => {
    const { double, gateway } = await begin('', true);
    const { id, call } = await order(gateway);
    await double.called('GET /queue', 2);
    await call('POST', `/generations/${id}/cancel`);
    await expect.poll(() => double.canceled()).toHaveLength(1);
    expect(double.count('POST /interrupt')).toBe(1);
  });

  it('tells of a memory that was full, and tries again', async () => {
    const { double, gateway } = await begin('');
    double.fails({ type: 'torch.OutOfMemoryError', message: 'Allocation on device 0 would exceed memory.' });
    const { json, attempts } = await (await order(gateway)).end();
    expect(json).toMatchObject({ status: 'succeeded' });
    expect(attempts).toMatchObject([
      { error: { code: 'upstream_failed', raw: expect.stringContaining('KSampler torch.OutOfMemoryError') } },
      { outcome: 'succeeded' },
    ]);
  });
});
