import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../assets/probe.ts';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  balanceOf,
  customer,
  IMAGE,
  IMAGES,
  idOf,
  itemOf,
  ledgerOf,
  limitsOf,
  nextRunning,
  type Pictures,
  servePictures,
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

describe('an image', () => {
  it('is made while its caller waits, and costs what its usage says', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    const made = await call('POST', IMAGES, { ...IMAGE, resolution: '2K' });
    expect(made.status).toBe(200);
    expect(made.headers.get('content-type')).toContain('application/json');
    expect(made.headers.get('x-request-id')).toMatch(/^req_/);
    expect(made.json).toEqual({
      id: expect.stringMatching(/^req-[0-9A-HJKMNP-TV-Z]{26}$/),
      status: 'completed',
      model: 'seedream-5-lite',
      data: [
        {
          url: expect.any(String),
          width: 2048,
          height: 2048,
          mime_type: 'image/jpeg',
          deletes_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
        },
      ],
      usage: { total_cost: 0.04, billable_unit: 'image', unit_price: 0.04, quantity: 1 },
    });
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '0.96', held_usd: '0' });
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 1', 'hold 0.04', 'capture 0.04']);
  });

  it('can be fetched by its link, without a key, as what it is said to be', async () => {
    const { call } = await customer(gateway);
    for (const [output_format, aspect_ratio] of [
      ['png', '16:9'],
      ['webp', '2:3'],
      ['jpeg', '1:1'],
    ] as const) {
      const made = await call('POST', IMAGES, { ...IMAGE, output_format, aspect_ratio });
      const item = itemOf(made);
      expect(item.mime_type).toBe(`image/${output_format}`);
      expect(item.url).toMatch(
        new RegExp(`^${gateway.url}/getimg/v2/downloads/${idOf(made)}/0\\?exp=\\d+&sig=[0-9a-f]{64}$`),
      );
      expect(item.url).toContain(`exp=${Date.parse(item.deletes_at) / 1000}&`);
      const file = await fetch(item.url);
      expect([file.status, file.headers.get('content-type')]).toEqual([200, item.mime_type]);
      const bytes = new Uint8Array(await file.arrayBuffer());
      expect(file.headers.get('content-length')).toBe(String(bytes.length));
      const { width, height, contentType } = await probe(bytes);
      expect([contentType, width, height]).toEqual([item.mime_type, item.width, item.height]);
    }
  });

  it('is of the size that its model has for it', async () => {
    const { call } = await customer(gateway);
    const body = { model: 'z-image-turbo', prompt: 'x'.repeat(4096), aspect_ratio: '3:2' };
    const made = await call('POST', IMAGES, body);
    expect(itemOf(made)).toMatchObject({ width: 1248, height: 832 });
    expect(made.json.usage).toMatchObject({ unit_price: 0.01 });
  });

  it('is made from pictures, with a role or without', async () => {
    const { call } = await customer(gateway);
    const images = [
      { url: pictures.good, role: 'reference_image' },
      { url: pictures.good, role: null },
      { url: pictures.good },
    ];
    const made = await call('POST', IMAGES, { ...IMAGE, images });
    expect([made.status, itemOf(made).width]).toEqual([200, 1024]);
  });

  it('can be made from one that was made before', async () => {
    const { id, call } = await customer(gateway);
    const first = itemOf(await call('POST', IMAGES, IMAGE));
    const second = await call('POST', IMAGES, { ...IMAGE, images: [{ url: first.url }] });
    expect(second.status).toBe(200);
    const kept = await gateway.core.store.generation(idOf(second));
    expect(kept?.request.sources).toEqual([{ role: 'reference', url: expect.stringMatching(/^asset:/) }]);
    // For anybody else the link is a URL like any other.
    const other = await customer(gateway);
    const third = await other.call('POST', IMAGES, { ...IMAGE, images: [{ url: first.url }] });
    expect(third.status).toBe(200);
    expect((await gateway.core.store.generation(idOf(third)))?.request.sources?.[0]?.url).toBe(first.url);
    expect(await balanceOf(gateway, id)).toMatchObject({ held_usd: '0' });
  });

  it('takes null for absent, leaves of other versions for nothing, and any way to write the type', async () => {
    const { call } = await customer(gateway);
    const body = { ...IMAGE, images: null, aspect_ratio: null, output_format: null, steps: 4, n: 9, seed: 1 };
    const headers = { 'content-type': 'application/json; charset=UTF-8', 'x-stainless-lang': 'python' };
    const made = await call('POST', IMAGES, body, headers);
    expect([made.status, itemOf(made).mime_type]).toEqual([200, 'image/jpeg']);
    expect(made.json.data).toHaveLength(1);
  });

  it('is paid for and goes on when its caller hangs up', async () => {
    const { id, key } = await customer(gateway, { credit_usd: '1' });
    const running = nextRunning(gateway);
    const gone = new AbortController();
    const answer = fetch(`${gateway.url}/getimg${IMAGES}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.key}`,
        'content-type': 'application/json',
        'genlock-sandbox': 'delay=300ms',
      },
      body: JSON.stringify(IMAGE),
      signal: gone.signal,
    });
    const generationId = await running;
    gone.abort();
    await expect(answer).rejects.toThrow();
    const generation = await waitForEnd(gateway.core, generationId, 10_000);
    expect(generation?.status).toBe('succeeded');
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '0.98', held_usd: '0' });
  });

  it('of a test key is free', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '0', key: { mode: 'test' } });
    const made = await call('POST', IMAGES, IMAGE);
    expect(made.json.usage).toEqual({ total_cost: 0, billable_unit: 'image', unit_price: 0, quantity: 1 });
    expect(await ledgerOf(gateway, id)).toEqual([]);
  });

  it('survives a provider, a store and a settlement that stumble once', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    for (const point of ['provider', 'store.read', 'store.settle']) {
      await gateway.admin('POST', '/faults', { point, effect: 'error' });
      expect((await call('POST', IMAGES, IMAGE)).status).toBe(200);
    }
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '0.94', held_usd: '0' });
    await gateway.admin('DELETE', '/faults');
  });
});

describe('an Idempotency-Key', () => {
  it('gives the same answer for the same call, and is paid once', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '1' });
    const headers = { 'idempotency-key': 'k1' };
    const [first, second] = await Promise.all([
      call('POST', IMAGES, IMAGE, headers),
      call('POST', IMAGES, IMAGE, headers),
    ]);
    const third = await call('POST', IMAGES, JSON.stringify(IMAGE, null, 2), headers);
    expect(first.status).toBe(200);
    expect(second.json).toEqual(first.json);
    expect(third.json).toEqual(first.json);
    expect(await balanceOf(gateway, id)).toEqual({ available_usd: '0.98', held_usd: '0' });
  });

  it('repeats a failure, too, and is not bound by what was refused', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '0' });
    const headers = { 'idempotency-key': 'k2', 'genlock-sandbox': 'error=content_rejected' };
    expect((await call('POST', IMAGES, IMAGE, headers)).status).toBe(402);
    await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '1' });
    const failed = await call('POST', IMAGES, IMAGE, headers);
    expect(failed.status).toBe(422);
    expect((await call('POST', IMAGES, IMAGE, headers)).json).toEqual(failed.json);
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 1', 'hold 0.02', 'release 0.02']);
  });

  it('is kept apart by workspace and by endpoint, and for a day', async () => {
    let now = Date.now();
    const frozen = await startTestGateway({ worker: false, now: () => now });
    try {
      const mine = await customer(frozen);
      const theirs = await customer(frozen);
      const headers = { 'idempotency-key': 'k' };
      const body = { model: 'seedance-v1-pro', prompt: 'x' };
      const submit = async ({ call }: typeof mine) =>
        idOf(await call('POST', '/v2/videos/generations', body, headers));
      const first = await submit(mine);
      expect(await submit(mine)).toBe(first);
      expect(await submit(theirs)).not.toBe(first);
      // Read as a new image order, and refused as such.
      const image = await mine.call('POST', IMAGES, body, headers);
      expect([image.status, image.json.error]).toMatchObject([400, { param: 'model' }]);
      now += 86_400_000 - 1000;
      expect(await submit(mine)).toBe(first);
      now += 2000;
      expect(await submit(mine)).not.toBe(first);
    } finally {
      await frozen.close();
    }
  });
});

describe('the headers of a limit', () => {
  it('are on each answer and count down', async () => {
    const { call } = await customer(gateway, { key: { limits: {} } });
    const first = await call('POST', IMAGES, IMAGE);
    const [limit, remaining, reset] = limitsOf(first);
    expect([limit, remaining]).toEqual([60, 59]);
    expect((reset ?? 0) - Date.now() / 1000).toBeGreaterThan(30);
    expect((reset ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(61);
    const second = await call('POST', IMAGES, {});
    expect(limitsOf(second)).toEqual([60, 58, reset]);
  });
});
