import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  balanceOf,
  customer,
  expectFault,
  IMAGE,
  IMAGES,
  ledgerOf,
  limitsOf,
  nextRunning,
  type Pictures,
  servePictures,
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

const fault = (point: string, effect: string) => gateway.admin('POST', '/faults', { point, effect });

describe('a body', () => {
  provokes('getimg', 'parameter_missing@400', 'the first thing that is missing, by its path', async () => {
    const { call } = await customer(gateway);
    for (const [body, param] of [
      [{}, 'model'],
      [{ prompt: 'x' }, 'model'],
      [{ model: null, prompt: 'x' }, 'model'],
      [{ model: 'seedream-5-lite' }, 'prompt'],
      [{ ...IMAGE, prompt: null }, 'prompt'],
      [{ ...IMAGE, images: [{}] }, 'images[0].url'],
      [{ ...IMAGE, images: [{ url: pictures.good }, { url: null }] }, 'images[1].url'],
    ] as const) {
      const answer = await call('POST', IMAGES, body);
      expectFault(answer, 'parameter_missing@400', param);
      expect(limitsOf(answer)[0]).toBe(1000);
    }
  });

  provokes('getimg', 'invalid_parameter@400', 'what the model does not take', async () => {
    const { call } = await customer(gateway);
    const nine = Array.from({ length: 9 }, () => ({ url: pictures.good }));
    for (const [body, param] of [
      [{ ...IMAGE, resolution: '4K' }, 'resolution'],
      [{ ...IMAGE, resolution: '2k' }, 'resolution'],
      [{ ...IMAGE, resolution: '__proto__' }, 'resolution'],
      [{ ...IMAGE, aspect_ratio: '21:9' }, 'aspect_ratio'],
      [{ ...IMAGE, aspect_ratio: 'toString' }, 'aspect_ratio'],
      [{ ...IMAGE, aspect_ratio: 1 }, 'aspect_ratio'],
      [{ ...IMAGE, model: 'nope' }, 'model'],
      [{ ...IMAGE, model: 'seedance-v1-pro' }, 'model'],
      [{ ...IMAGE, model: '' }, 'model'],
      [{ ...IMAGE, model: 7 }, 'model'],
      [{ ...IMAGE, output_format: 'gif' }, 'output_format'],
      [{ ...IMAGE, prompt: '' }, 'prompt'],
      [{ ...IMAGE, prompt: ' \t\n\u00a0' }, 'prompt'],
      [{ ...IMAGE, prompt: 'x'.repeat(4097) }, 'prompt'],
      [{ ...IMAGE, prompt: ['x'] }, 'prompt'],
      [{ ...IMAGE, images: nine }, 'images'],
      [{ ...IMAGE, images: {} }, 'images'],
      [{ ...IMAGE, images: [null] }, 'images[0]'],
      [{ ...IMAGE, images: [{ url: '' }] }, 'images[0].url'],
      [{ ...IMAGE, images: [{ url: 5 }] }, 'images[0].url'],
      [{ ...IMAGE, images: [{ url: pictures.good, role: 'first_frame' }] }, 'images[0].role'],
      [{ ...IMAGE, model: 'z-image-turbo', images: [{ url: pictures.good }] }, 'images'],
      [{ ...IMAGE, model: 'gemini-3-1-flash-lite-image', images: nine.slice(0, 5) }, 'images'],
    ] as const)
      expectFault(await call('POST', IMAGES, body), 'invalid_parameter@400', param);
  });

  it('may have a prompt of 4096 characters, however many bytes they take', async () => {
    const { call } = await customer(gateway, { credit_usd: '0' });
    expectFault(await call('POST', IMAGES, { ...IMAGE, prompt: '😀'.repeat(4096) }), 'quota_exceeded@402');
    const longer = { ...IMAGE, prompt: '😀'.repeat(4097) };
    expectFault(await call('POST', IMAGES, longer), 'invalid_parameter@400', 'prompt');
  });

  it.each([
    ['truncated', '{"model":"seedream-5-lite",', {}, null],
    ['an array', '[]', {}, null],
    ['a string', '"x"', {}, null],
    ['nothing', '', {}, null],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, null],
    ['more than 256 KB', `{"model":"m","prompt":"x","pad":"${'x'.repeat(262_144)}"}`, {}, null],
    ['nested too deeply', `{"model":"m","a":${'['.repeat(100)}${']'.repeat(100)}}`, {}, null],
    ['a form', 'prompt=x', { 'content-type': 'application/x-www-form-urlencoded' }, null],
    ['multipart', 'x', { 'content-type': 'multipart/form-data; boundary=x' }, null],
    ['NUL in the prompt', '{"model":"m","prompt":"a\\u0000b"}', {}, 'prompt'],
    ['half a character in the prompt', '{"model":"m","prompt":"a\\ud800b"}', {}, 'prompt'],
    ['an empty Idempotency-Key', IMAGE, { 'idempotency-key': ' ' }, 'Idempotency-Key'],
    [
      'an Idempotency-Key of 256 characters',
      IMAGE,
      { 'idempotency-key': 'x'.repeat(256) },
      'Idempotency-Key',
    ],
    ['an unknown sandbox directive', IMAGE, { 'genlock-sandbox': 'eror=x' }, null],
  ])('that is %s is refused, and counted', async (_what, body, headers, param) => {
    const { call } = await customer(gateway, { key: { limits: {} } });
    const answer = await call('POST', IMAGES, body, headers);
    expectFault(answer, 'invalid_parameter@400', param);
    expect(limitsOf(answer).slice(0, 2)).toEqual([60, 59]);
  });

  it('under a key that was used for another is refused', async () => {
    const { call } = await customer(gateway);
    const headers = { 'idempotency-key': 'k1' };
    expect((await call('POST', IMAGES, IMAGE, headers)).status).toBe(200);
    for (const body of [{ ...IMAGE, prompt: 'another' }, {}])
      expectFault(await call('POST', IMAGES, body, headers), 'invalid_parameter@400', 'Idempotency-Key');
  });

  it('that names a model that is off is refused', async () => {
    const { call } = await customer(gateway);
    const patch = (body: object) => gateway.admin('PATCH', '/models/getimg/seedream-4-5', body);
    const order = { model: 'seedream-4-5', prompt: 'x' };
    for (const change of [{ status: 'paused' }, { status: 'inactive' }, { billable: false }]) {
      await patch(change);
      expectFault(await call('POST', IMAGES, order), 'invalid_parameter@400', 'model');
      await patch({ status: null, billable: null });
    }
    expect((await call('POST', IMAGES, order)).status).toBe(200);
  });
});

describe('a reference picture', () => {
  it('that may not be fetched is refused at once', async () => {
    const real = await startTestGateway({ emulator: false, worker: false });
    try {
      const { call } = await customer(real);
      for (const url of [
        'http://example.com/x.png',
        'https://127.0.0.1/x.png',
        'https://[::1]/x.png',
        'https://user:secret@example.com/x.png',
        'file:///etc/passwd',
        'data:image/png;base64,AAAA',
        'x.png',
      ]) {
        const images = [{ url: 'https://example.com/fine.png' }, { url }];
        expectFault(
          await call('POST', IMAGES, { ...IMAGE, images }),
          'invalid_parameter@400',
          'images[1].url',
        );
      }
    } finally {
      await real.close();
    }
  });

  it('that is gone or broken is named, and costs nothing', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    for (const url of [pictures.gone, pictures.broken]) {
      const alone = await call('POST', IMAGES, { ...IMAGE, images: [{ url }] });
      expectFault(alone, 'invalid_parameter@400', 'images[0].url');
      const second = await call('POST', IMAGES, { ...IMAGE, images: [{ url: pictures.good }, { url }] });
      expectFault(second, 'invalid_parameter@400', 'images[1].url');
      expect(alone.text).not.toContain('404');
    }
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
  });

  it.each(['media_unreadable', 'invalid_media'])('can be rehearsed as %s', async (code) => {
    const { call } = await customer(gateway);
    const body = { ...IMAGE, images: [{ url: pictures.good }] };
    for (const at of ['run', 'admit'])
      expectFault(
        await call('POST', IMAGES, body, { 'genlock-sandbox': `error=${code} at=${at}` }),
        'invalid_parameter@400',
        'images[0].url',
      );
  });
});

describe('the balance', () => {
  provokes('getimg', 'quota_exceeded@402', 'is lower than the price', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '0.019999' });
    expectFault(await call('POST', IMAGES, IMAGE), 'quota_exceeded@402');
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '0.019999', held_usd: '0' });
    const broke = await customer(gateway, { credit_usd: '0' });
    expectFault(await broke.call('POST', IMAGES, IMAGE), 'quota_exceeded@402');
  });

  it('is enough for one of two at once: exactly one passes', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '0.03' });
    const answers = await Promise.all([call('POST', IMAGES, IMAGE), call('POST', IMAGES, IMAGE)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 402]);
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '0.01', held_usd: '0' });
  });
});

describe('safety', () => {
  provokes('getimg', 'content_policy_violation@422', 'refuses a prompt, or a picture', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    const images = [{ url: pictures.good }];
    const bad = { ...IMAGE, prompt: 'A FORBIDDEN thing' };
    expectFault(await call('POST', IMAGES, bad), 'content_policy_violation@422', 'prompt');
    expectFault(await call('POST', IMAGES, { ...bad, images }), 'content_policy_violation@422', 'prompt');
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 1']);
    for (const at of ['run', 'admit']) {
      const steered = { 'genlock-sandbox': `error=content_rejected at=${at}` };
      expectFault(await call('POST', IMAGES, IMAGE, steered), 'content_policy_violation@422', 'prompt');
      const picture = await call('POST', IMAGES, { ...IMAGE, images }, steered);
      expectFault(picture, 'content_policy_violation@422', 'images[0].url');
    }
    const inText = { ...IMAGE, images, prompt: 'a mug [[sandbox error=content_rejected at=run]]' };
    expectFault(await call('POST', IMAGES, inText), 'content_policy_violation@422', 'images[0].url');
    const two = { ...IMAGE, images: [...images, ...images] };
    const refused = await call('POST', IMAGES, two, { 'genlock-sandbox': 'error=content_rejected' });
    expectFault(refused, 'content_policy_violation@422', 'images');
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
  });
});

describe('a fault behind it', () => {
  provokes('getimg', 'server_error@500', 'a provider, a store or a disk that fails', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    for (const [point, effect] of [
      ['provider', 'down'],
      ['provider', 'garbage'],
      ['store.write', 'error'],
      ['ledger', 'error'],
      ['assets.write', 'error'],
    ] as const) {
      await fault(point, effect);
      const answer = await call('POST', IMAGES, IMAGE);
      expectFault(answer, 'server_error@500');
      expect(limitsOf(answer)[0]).toBe(1000);
    }
    for (const steering of [
      'error=upstream_failed',
      'error=upstream_rate_limited',
      'error=upstream_timeout at=admit',
      'error=unauthenticated',
      'error=rate_limited',
      'error=insufficient_credits',
      'result=garbage',
      'result=empty',
      'drop=after_accept',
    ])
      expectFault(await call('POST', IMAGES, IMAGE, { 'genlock-sandbox': steering }), 'server_error@500');
    await gateway.admin('PATCH', '/models/getimg/seedream-4-5', { routes: [] });
    expectFault(await call('POST', IMAGES, { model: 'seedream-4-5', prompt: 'x' }), 'server_error@500');
    await gateway.admin('PATCH', '/models/getimg/seedream-4-5', { routes: null });
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
    // Every slot is free again.
    const tight = await gateway.createKey(id, { dialect: 'getimg', limits: { concurrent: 1 } });
    const again = await call('POST', IMAGES, IMAGE, { authorization: `Bearer ${tight.key}` });
    expect(again.status).toBe(200);
  });

  it('in the limiter lets nothing pass', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    await fault('limiter', 'down');
    const answer = await call('POST', IMAGES, IMAGE);
    expectFault(answer, 'server_error@500');
    expect(limitsOf(answer)).toEqual([null, null, null]);
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 1']);
  });

  it('that an operator ends is told, and costs nothing', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    const running = nextRunning(gateway);
    const answer = call('POST', IMAGES, IMAGE, { 'genlock-sandbox': 'delay=600s' });
    await gateway.admin('POST', `/generations/${await running}/cancel`);
    expectFault(await answer, 'server_error@500');
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
  });

  it('that outlasts the time limit is told, with a worker or without', async () => {
    const config = 'models:\n  getimg/seedream-5-lite:\n    deadline: 300ms\n';
    for (const worker of [true, false]) {
      const slow = await startTestGateway({ config, worker });
      try {
        const { id, call } = await customer(slow, { credit_usd: '1', key: { limits: { concurrent: 1 } } });
        const answer = await call('POST', IMAGES, IMAGE, { 'genlock-sandbox': 'delay=600s' });
        expectFault(answer, 'server_error@500');
        expect(await balanceOf(slow, id)).toEqual({ available_usd: '1', held_usd: '0' });
      } finally {
        await slow.close();
      }
    }
  });

  it('of a server that stops is told to who waits, and refused to who comes', async () => {
    const stopping = await startTestGateway();
    try {
      const { id, call } = await customer(stopping, { credit_usd: '1' });
      const running = nextRunning(stopping);
      const waiting = call('POST', IMAGES, IMAGE, { 'genlock-sandbox': 'delay=600s' });
      await running;
      await stopping.drain(0);
      expectFault(await waiting, 'server_error@500');
      expectFault(await call('POST', IMAGES, IMAGE), 'server_error@500');
      expect(await ledgerOf(stopping, id)).toEqual(['top_up 1', 'hold 0.02', 'release 0.02']);
    } finally {
      await stopping.close();
    }
  });

  it('that keeps one from being canceled leaves open what becomes of it: it may be made, and charged', async () => {
    const stopping = await startTestGateway();
    try {
      const { id, call } = await customer(stopping, { credit_usd: '1' });
      const running = nextRunning(stopping);
      const waiting = call('POST', IMAGES, IMAGE, { 'genlock-sandbox': 'delay=600s' });
      await running;
      await stopping.admin('POST', '/faults', { point: 'store.settle', effect: 'error' });
      await stopping.drain(0);
      const answer = await waiting;
      expectFault(answer, 'server_error@500');
      expect(answer.headers.get('x-should-retry')).toBe('false');
      expect(await ledgerOf(stopping, id)).toEqual(['top_up 1', 'hold 0.02']);
    } finally {
      await stopping.close();
    }
  });
});
