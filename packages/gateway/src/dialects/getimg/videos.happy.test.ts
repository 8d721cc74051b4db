import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../assets/probe.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  balanceOf,
  caller,
  customer,
  ended,
  film,
  IMAGE,
  IMAGES,
  idOf,
  itemOf,
  ledgerOf,
  nextRunning,
  type Pictures,
  servePictures,
  VIDEO,
  VIDEOS,
} from './testing.ts';

let gateway: TestGateway;
let pictures: Pictures;
beforeAll(async () => {
  [gateway, pictures] = await Promise.all([startTestGateway(), servePictures()]);
});
afterAll(async () => {
  pictures.close();
  await gateway.close();
});

describe('a video', () => {
  it('is submitted, read while it is pending, and read when it is completed', async () => {
    const { id: account, call } = await customer(gateway, { credit_usd: '1' });
    const submitted = await call('POST', VIDEOS, VIDEO);
    expect(submitted.status).toBe(202);
    const id = idOf(submitted);
    expect(id).toMatch(/^req-[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(submitted.json).toEqual({ id, status: 'pending' });
    expect(await balanceOf(gateway, account)).toEqual({ available_usd: '0.9', held_usd: '0.1' });
    expect((await call('GET', `${VIDEOS}/${id}`)).json).toEqual({ id, status: 'pending' });

    const done = await ended(gateway, call, id);
    expect(done.status).toBe(200);
    expect(done.json).toEqual({
      id,
      status: 'completed',
      model: 'seedance-v1-pro',
      data: [
        {
          url: expect.stringContaining(`${gateway.url}/getimg/v2/downloads/${id}/0?exp=`),
          width: 480,
          height: 480,
          duration: 5,
          fps: expect.any(Number),
          has_sound: false,
          mime_type: 'video/mp4',
          deletes_at: expect.stringMatching(/\.000Z$/),
        },
      ],
      usage: { total_cost: 0.1, billable_unit: 'video_second', unit_price: 0.02, quantity: 5 },
    });
    expect(await balanceOf(gateway, account)).toEqual({ available_usd: '0.9', held_usd: '0' });
    expect(await ledgerOf(gateway, account)).toEqual(['top_up 1', 'hold 0.1', 'capture 0.1']);

    const bytes = new Uint8Array(await (await fetch(itemOf(done).url)).arrayBuffer());
    expect(await probe(bytes)).toMatchObject({ contentType: 'video/mp4', width: 480, durationSeconds: 5 });
    const head = await call('HEAD', `${VIDEOS}/${id}`);
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('stays pending while it runs', async () => {
    const { call } = await customer(gateway);
    const running = nextRunning(gateway);
    const id = idOf(await call('POST', VIDEOS, VIDEO, { 'genlock-sandbox': 'delay=600s' }));
    expect(await running).toBe(id);
    expect((await call('GET', `${VIDEOS}/${id}`)).json).toEqual({ id, status: 'pending' });
    await gateway.admin('POST', `/generations/${id}/cancel`);
  });

  it('costs what was delivered, exactly, and the rest of the hold comes back', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '2' });
    const order = { ...VIDEO, model: 'seedance-v1-5-pro', duration: 10, sound: true };
    const done = await film(gateway, call, order, 'clip=1.5');
    expect(done.json.usage).toEqual({
      total_cost: 0.0675,
      billable_unit: 'video_second',
      unit_price: 0.045,
      quantity: 1.5,
    });
    expect(done.json.data).toMatchObject([{ duration: 1.5, has_sound: true }]);
    expect(await ledgerOf(gateway, id)).toEqual([
      'top_up 2',
      'hold 0.45',
      'capture 0.0675',
      'release 0.3825',
    ]);
  });

  it('takes frames and references as its model does', async () => {
    const { call } = await customer(gateway);
    const made = itemOf(await call('POST', IMAGES, IMAGE));
    for (const [model, images] of [
      ['seedance-v1-pro', [{ url: made.url, role: 'first_frame' }]],
      ['seedance-v1-pro', [{ url: pictures.good, role: 'reference_image' }]],
      [
        'seedance-v1-5-pro',
        [
          { url: pictures.good, role: 'last_frame' },
          { url: made.url, role: 'first_frame' },
        ],
      ],
    ] as const) {
      const done = await film(gateway, call, { ...VIDEO, model, images });
      expect(done.json.status).toBe('completed');
    }
  });

  it('takes an integer however it is written, and every default', async () => {
    const { call } = await customer(gateway);
    const defaults = idOf(await call('POST', VIDEOS, { model: 'seedance-v1-5-pro', prompt: 'x' }));
    const kept = await gateway.core.store.generation(defaults);
    expect(kept?.request).toMatchObject({ width: 1920, height: 1080, seconds: 5, sound: false });
    await gateway.admin('POST', `/generations/${defaults}/cancel`);
    const body = `{"model":"seedance-v1-pro","prompt":"x","duration":10.0,"sound":null,"images":[]}`;
    const written = idOf(await call('POST', VIDEOS, body));
    expect((await gateway.core.store.generation(written))?.request).toMatchObject({ seconds: 10 });
    await gateway.admin('POST', `/generations/${written}/cancel`);
  });

  it('is read by every key of its workspace, and the same submission is not made twice', async () => {
    const { id: account, call } = await customer(gateway, { credit_usd: '1' });
    const headers = { 'idempotency-key': 'k', 'genlock-sandbox': 'clip=1' };
    const [first, second] = await Promise.all([
      call('POST', VIDEOS, VIDEO, headers),
      call('POST', VIDEOS, VIDEO, headers),
    ]);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.json).toEqual(first.json);
    const rotated = await gateway.createKey(account, { dialect: 'getimg' });
    const other = caller(gateway, rotated.key);
    const done = await ended(gateway, other, idOf(first));
    expect(done.json.status).toBe('completed');
    // The same submission gets the same answer, also after the end.
    expect((await call('POST', VIDEOS, VIDEO, headers)).json).toEqual(first.json);
    expect(await ledgerOf(gateway, account)).toEqual([
      'top_up 1',
      'hold 0.1',
      'capture 0.02',
      'release 0.08',
    ]);
  });

  it('of a test key is free', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '0', key: { mode: 'test' } });
    const done = await film(gateway, call);
    expect(done.json.usage).toEqual({
      total_cost: 0,
      billable_unit: 'video_second',
      unit_price: 0,
      quantity: 1,
    });
    expect(await ledgerOf(gateway, id)).toEqual([]);
  });

  it('says in its description, too, that only has_sound is never null', async () => {
    const response = await fetch(`${gateway.url}/docs/openapi/getimg.json`);
    const { components } = (await response.json()) as {
      components: { schemas: { VideoResult: { properties: { data: { items: { properties: object } } } } } };
    };
    expect(components.schemas.VideoResult.properties.data.items.properties).toMatchObject({
      duration: { type: ['number', 'null'] },
      fps: { type: ['number', 'null'] },
      has_sound: { type: 'boolean' },
    });
  });
});
