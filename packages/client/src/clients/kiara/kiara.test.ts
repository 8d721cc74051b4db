import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../../gateway/src/testing/gateway.ts';
import { all } from '../../../testing/all.ts';
import { PNG } from '../../../testing/pictures.ts';
import { createKiaraClient, GenerationError, type KiaraClient } from '../../index.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close(0));

const B = { prompt: 'a red mug on oak' };
const VIDEO = { ...B, product: 'kiara-dream-fast', duration_seconds: 1, resolution: '480p' } as const;
const LIMITS = { requests_per_minute: 10_000, reads_per_minute: 10_000, unfinished_jobs: 1000 };
const quick = { intervalMs: 50 };
const steer = (steering: string) => ({ headers: { 'genlock-sandbox': steering } });

async function customer(credit_usd = '100'): Promise<KiaraClient> {
  const { key } = await gateway.customer({ dialect: 'kiara', credit_usd, key: { limits: LIMITS } });
  return createKiaraClient({ baseUrl: `${gateway.url}/kiara`, apiKey: key.key });
}

describe('Kiara generations', () => {
  it('are ordered once, waited for, read and fetched', async () => {
    const kiara = await customer();
    const made = await kiara.generations.create(B, { idempotencyKey: 'k1' });
    expect((await kiara.generations.create(B, { idempotencyKey: 'k1' })).id).toBe(made.id);
    const states: (string | undefined)[] = [];
    const done = await kiara.generations.wait(made, {
      ...quick,
      onProgress: ({ state }) => states.push(state),
    });
    expect(states.at(-1)).toBe('succeeded');
    expect(done).toMatchObject({ status: 'completed', product: 'kiara-image-pro', error: null });
    expect((await kiara.assets.download(done)).byteLength).toBe(done.result?.bytes);
    const answer = await kiara.assets.content(done.result?.asset_id ?? '');
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    await answer.body?.cancel();
    expect(await kiara.generations.get(made.id)).toEqual(done);
  });

  it('that fail are thrown, and ordered again by a retry', async () => {
    const kiara = await customer();
    const made = await kiara.generations.create(B, steer('error=upstream_failed'));
    const error = await kiara.generations.wait(made, quick).catch((thrown: unknown) => thrown);
    if (!GenerationError.isInstance(error) || error.dialect !== 'kiara') throw error;
    expect(error).toMatchObject({
      code: 'upstream_failed',
      generationId: made.id,
      mayHaveBeenCharged: false,
    });
    expect(error.wireCode).toBe('generation_failed');
    const again = await kiara.generations.retry(made.id);
    expect(await kiara.generations.wait(again, quick)).toMatchObject({ retry_of: made.id });
    await expect(kiara.generations.retry(again.id)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('are canceled while they are queued, which ends a wait', async () => {
    const busy = await startTestGateway({ worker: false });
    try {
      const { key } = await busy.customer({ dialect: 'kiara' });
      const kiara = createKiaraClient({ baseUrl: `${busy.url}/kiara/`, apiKey: key.key });
      const made = await kiara.generations.create(B);
      const waiting = kiara.generations.wait(made.id, quick);
      waiting.catch(() => undefined);
      expect(await kiara.generations.cancel(made.id)).toMatchObject({ status: 'canceled' });
      await expect(waiting).rejects.toMatchObject({ code: 'invalid_state', dialect: 'kiara' });
    } finally {
      await busy.close(0);
    }
  });

  it('are listed page by page', async () => {
    const kiara = await customer();
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) made.unshift((await kiara.generations.create(B)).id);
    const list = kiara.generations.list({ limit: 1, product: 'kiara-image-pro' });
    expect((await all(list)).map(({ id }) => id)).toEqual(made);
    expect(await list.page()).toMatchObject({ has_more: true, data: [{ id: made[0] }] });
    await expect(kiara.generations.list({ limit: 0 }).page()).rejects.toMatchObject({
      code: 'invalid_parameter',
      param: 'limit',
    });
  });

  it('and everything else end with the signal', async () => {
    const kiara = await customer();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(kiara.generations.create(B, { signal })).rejects.toThrow('enough');
    await expect(kiara.generations.wait('gen_1', { signal })).rejects.toThrow('enough');
    await expect(kiara.generations.get('gen_nope')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('of Kiara', () => {
  it('uploads can be worked on', async () => {
    const kiara = await customer();
    const upload = await kiara.uploads.create(PNG);
    expect(upload).toMatchObject({ object: 'upload', content_type: 'image/png', bytes: PNG.byteLength });
    const made = await kiara.generations.create({
      ...B,
      product: 'kiara-reference',
      source_image_url: upload.url,
    });
    expect(await kiara.generations.wait(made, quick)).toMatchObject({ status: 'completed' });
    const content = await kiara.uploads.content(upload.id);
    expect((await content.arrayBuffer()).byteLength).toBe(PNG.byteLength);
    await expect(kiara.uploads.create(new Blob(['no picture']))).rejects.toMatchObject({
      code: 'invalid_media',
    });
    await expect(kiara.uploads.content('upl_nope')).rejects.toMatchObject({ code: 'not_found' });
    await expect(kiara.assets.download('asset_nope')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('the catalogue is read', async () => {
    const kiara = await customer();
    const { data } = await kiara.products.list();
    expect(data.map(({ id }) => id)).toContain('kiara-vogue');
    expect(await kiara.products.get('kiara-vogue')).toMatchObject({ kind: 'image', status: 'active' });
    await expect(kiara.products.get('kiara-nope')).rejects.toMatchObject({ code: 'not_found' });
    expect(await kiara.health()).toEqual({ status: 'ok' });
  });

  it('money is told, and asked for', async () => {
    const kiara = await customer('1');
    expect(await kiara.balance()).toMatchObject({ credits: 100, held: 0, available: 100 });
    expect(await kiara.quote(VIDEO)).toMatchObject({
      product: VIDEO.product,
      max_credits: expect.any(Number),
    });
    await expect(kiara.quote({ ...VIDEO, seed: -1 })).rejects.toMatchObject({ param: 'seed' });
    const packs = await kiara.packs.list();
    expect(packs.data[0]).toMatchObject({ object: 'pack', credits: expect.any(Number) });
    const order = { pack: packs.data[0]?.id ?? '', currency: 'usdt' };
    const topup = await kiara.topups.create(order, { idempotencyKey: 't1' });
    expect(await kiara.topups.create(order, { idempotencyKey: 't1' })).toEqual(topup);
    expect(await kiara.topups.get(topup.id)).toMatchObject({ status: 'pending' });
    await expect(kiara.topups.create({ pack: 'pack_nope' })).rejects.toMatchObject({ code: 'unknown_pack' });
    const poor = await customer('0.01');
    await expect(poor.generations.create(B)).rejects.toMatchObject({ code: 'insufficient_credits' });
  });
});
