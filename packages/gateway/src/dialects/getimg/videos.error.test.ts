import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Answer,
  balanceOf,
  caller,
  customer,
  ended,
  expectFault,
  film,
  IMAGE,
  IMAGES,
  idOf,
  ledgerOf,
  limitsOf,
  nextRunning,
  type Pictures,
  servePictures,
  VIDEO,
  VIDEOS,
} from './testing.ts';

let gateway: TestGateway;
let pictures: Pictures;
beforeAll(async () => {
  [gateway, pictures] = await Promise.all([
    startTestGateway({ config: 'moderation:\n  words: [forbidden]\n' }),
    servePictures(),
  ]);
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(async () => {
  pictures.close();
  await gateway.close();
});

const frame = (role: string) => ({ url: pictures.good, role });

function expectFailed(answer: Answer, code: string): void {
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({
    id: expect.stringMatching(/^req-/),
    status: 'failed',
    error: { code, message: expect.stringMatching(/\S/) },
  });
}

describe('a submission', () => {
  provokes('getimg', 'parameter_missing@400', 'the first thing that is missing, by its path', async () => {
    const { call } = await customer(gateway);
    for (const [body, param] of [
      [{}, 'model'],
      [{ prompt: 'x' }, 'model'],
      [{ model: 'seedance-v1-pro' }, 'prompt'],
      [{ ...VIDEO, images: [{ url: pictures.good }] }, 'images[0].role'],
      [{ ...VIDEO, images: [{ url: pictures.good, role: null }] }, 'images[0].role'],
      [{ ...VIDEO, images: [frame('first_frame'), { role: 'first_frame' }] }, 'images[1].url'],
    ] as const)
      expectFault(await call('POST', VIDEOS, body), 'parameter_missing@400', param);
  });

  provokes('getimg', 'invalid_parameter@400', 'what the model does not take', async () => {
    const { call } = await customer(gateway);
    const nine = Array.from({ length: 9 }, () => frame('reference_image'));
    for (const [body, param] of [
      [{ ...VIDEO, duration: 7 }, 'duration'],
      [{ ...VIDEO, duration: 5.5 }, 'duration'],
      [{ ...VIDEO, duration: '5' }, 'duration'],
      [{ ...VIDEO, duration: -5 }, 'duration'],
      [{ ...VIDEO, sound: 'yes' }, 'sound'],
      [{ ...VIDEO, sound: true }, 'sound'],
      [{ ...VIDEO, resolution: '4K' }, 'resolution'],
      [{ ...VIDEO, aspect_ratio: '3:2' }, 'aspect_ratio'],
      [{ ...VIDEO, model: 'seedream-5-lite' }, 'model'],
      [{ ...VIDEO, model: 'constructor' }, 'model'],
      [{ ...VIDEO, prompt: '  ' }, 'prompt'],
      [{ ...VIDEO, prompt: 'x'.repeat(4097) }, 'prompt'],
      [{ ...VIDEO, images: nine }, 'images'],
      [{ ...VIDEO, images: nine.slice(0, 5) }, 'images'],
      [{ ...VIDEO, images: [frame('middle_frame')] }, 'images[0].role'],
      [{ ...VIDEO, images: [frame('first_frame'), frame('last_frame')] }, 'images[1].role'],
      [{ ...VIDEO, images: [frame('first_frame'), frame('first_frame')] }, 'images[1].role'],
      [{ ...VIDEO, images: [{ url: 'ftp://example.com/x.png', role: 'first_frame' }] }, 'images[0].url'],
      ['{"model":"seedance-v1-pro","prompt":"x","duration":1e400}', 'duration'],
      ['{"model":"seedance-v1-pro",', null],
      ['{"model":"seedance-v1-pro","prompt":"\\ud83d"}', 'prompt'],
      ['null', null],
    ] as const)
      expectFault(await call('POST', VIDEOS, body), 'invalid_parameter@400', param);
  });

  provokes('getimg', 'quota_exceeded@402', 'a balance below the price, or too low for two', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '0.15' });
    expectFault(await call('POST', VIDEOS, { ...VIDEO, duration: 10 }), 'quota_exceeded@402');
    const steering = { 'genlock-sandbox': 'delay=600s' };
    const both = await Promise.all([
      call('POST', VIDEOS, VIDEO, steering),
      call('POST', VIDEOS, VIDEO, steering),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 402]);
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '0.05', held_usd: '0.1' });
    await gateway.admin('POST', `/generations/${both.map(({ json }) => json.id).find(Boolean)}/cancel`);
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '0.15', held_usd: '0' });
  });

  provokes('getimg', 'content_policy_violation@422', 'a prompt, or a picture, that is refused', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    const bad = await call('POST', VIDEOS, { ...VIDEO, prompt: 'forbidden' });
    expectFault(bad, 'content_policy_violation@422', 'prompt');
    const steered = { 'genlock-sandbox': 'error=content_rejected at=admit' };
    const withPicture = { ...VIDEO, images: [frame('first_frame')] };
    expectFault(
      await call('POST', VIDEOS, withPicture, steered),
      'content_policy_violation@422',
      'images[0].url',
    );
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 1']);
  });

  provokes('getimg', 'server_error@500', 'a provider or a store that is not there', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    for (const [point, effect] of [
      ['provider', 'down'],
      ['provider', 'garbage'],
      ['store.write', 'error'],
      ['ledger', 'error'],
      ['limiter', 'error'],
    ] as const) {
      await gateway.admin('POST', '/faults', { point, effect });
      expectFault(await call('POST', VIDEOS, VIDEO), 'server_error@500');
    }
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 1']);
  });

  it('to a server that stops is refused, and reads go on', async () => {
    const stopping = await startTestGateway();
    try {
      const { call } = await customer(stopping);
      const id = idOf(await call('POST', VIDEOS, VIDEO, { 'genlock-sandbox': 'delay=600s' }));
      await stopping.drain(0);
      expectFault(await call('POST', VIDEOS, VIDEO), 'server_error@500');
      expect((await call('GET', `${VIDEOS}/${id}`)).json).toEqual({ id, status: 'pending' });
    } finally {
      await stopping.close();
    }
  });
});

describe('a failed video', () => {
  provokes('getimg', 'content_policy_violation@job', 'refused after it was made', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    expectFailed(await film(gateway, call, VIDEO, 'error=content_rejected'), 'content_policy_violation');
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 1', 'hold 0.1', 'release 0.1']);
  });

  provokes('getimg', 'invalid_parameter@job', 'a picture that is gone or broken', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    for (const [url, role] of [
      [pictures.gone, 'first_frame'],
      [pictures.gone, 'last_frame'],
      [pictures.broken, 'reference_image'],
    ] as const) {
      const order = { ...VIDEO, model: 'seedance-v1-5-pro', images: [{ url, role }] };
      const failed = await film(gateway, call, order);
      expectFailed(failed, 'invalid_parameter');
      expect(failed.text).not.toContain('127.0.0.1');
    }
    for (const code of ['media_unreadable', 'invalid_media'])
      expectFailed(await film(gateway, call, VIDEO, `error=${code}`), 'invalid_parameter');
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
  });

  provokes('getimg', 'server_error@job', 'whatever else went wrong', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    for (const steering of [
      'error=upstream_failed',
      'error=upstream_rate_limited',
      'error=rate_limited',
      'error=unauthenticated',
      'result=garbage',
      'result=empty',
    ])
      expectFailed(await film(gateway, call, VIDEO, steering), 'server_error');
    await gateway.admin('POST', '/faults', { point: 'assets.write', effect: 'error' });
    expectFailed(await film(gateway, call), 'server_error');
    const running = nextRunning(gateway);
    const canceled = idOf(await call('POST', VIDEOS, VIDEO, { 'genlock-sandbox': 'delay=600s' }));
    await running;
    await gateway.admin('POST', `/generations/${canceled}/cancel`);
    expectFailed(await call('GET', `${VIDEOS}/${canceled}`), 'server_error');
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
  });

  it('is one that passed its time limit, too, and it stays failed', async () => {
    const config = 'models:\n  getimg/seedance-v1-pro:\n    deadline: 200ms\n';
    const slow = await startTestGateway({ config });
    try {
      const { id, call } = await customer(slow, { credit_usd: '1', key: { limits: { concurrent: 1 } } });
      const failed = await film(slow, call, VIDEO, 'delay=600s');
      expectFailed(failed, 'server_error');
      expect((await call('GET', `${VIDEOS}/${idOf(failed)}`)).json).toEqual(failed.json);
      expect(await balanceOf(slow, id)).toEqual({ available_usd: '1', held_usd: '0' });
      // Its slot is free.
      expect((await call('POST', IMAGES, IMAGE)).status).toBe(200);
    } finally {
      await slow.close();
    }
  });

  it('is not one that a restart came over: it is taken up again', async () => {
    let server = await startTestGateway();
    try {
      const { call, key } = await customer(server, { credit_usd: '1' });
      const running = nextRunning(server);
      const id = idOf(await call('POST', VIDEOS, VIDEO, { 'genlock-sandbox': 'delay=500ms clip=1' }));
      await running;
      server = await server.restart();
      const done = await ended(server, caller(server, key.key), id);
      expect(done.json.status).toBe('completed');
    } finally {
      await server.close(0);
    }
  });
});

describe('a read', () => {
  provokes('getimg', 'not_found@404', 'of what is not there, or is an image', async () => {
    const { call } = await customer(gateway);
    const image = idOf(await call('POST', IMAGES, IMAGE));
    for (const id of [
      'req-NOPE',
      'req-01J00000000000000000000000',
      image,
      '%00',
      '..%2fmodels',
      'x'.repeat(600),
      '%ff',
    ]) {
      const answer = await call('GET', `${VIDEOS}/${id}`);
      expectFault(answer, 'not_found@404', 'id');
      expect(limitsOf(answer)[0]).toBe(1000);
    }
    expectFault(await call('GET', `${VIDEOS}/`), 'not_found@404', 'id');
    expectFault(await call('DELETE', `${VIDEOS}/${image}`), 'not_found@404');
  });

  provokes('getimg', 'server_error@500', 'of a store that cannot be read', async () => {
    const { call } = await customer(gateway);
    for (const effect of ['error', 'garbage']) {
      await gateway.admin('POST', '/faults', { point: 'store.read', effect });
      expectFault(await call('GET', `${VIDEOS}/req-NOPE`), 'server_error@500');
    }
  });
});
