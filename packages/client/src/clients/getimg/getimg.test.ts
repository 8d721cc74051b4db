import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../../gateway/src/testing/gateway.ts';
import { createGetimgClient, type GetimgClient, type GetimgClientOptions, waitFor } from '../../index.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close(0));

const IMAGE = { model: 'seedream-5-lite', prompt: 'a red mug on oak', resolution: '1K' };
const VIDEO = { model: 'seedance-v1-pro', prompt: 'a red mug', resolution: '480p', aspect_ratio: '1:1' };
const LIMITS = { requests_per_minute: 1000, video_requests_per_minute: 1000, concurrent: 100 };
const quick = { intervalMs: 50 };
const steer = (steering: string) => ({ headers: { 'genlock-sandbox': steering } });

async function customer(options: Partial<GetimgClientOptions> = {}): Promise<GetimgClient> {
  const { key } = await gateway.customer({ dialect: 'getimg', key: { limits: LIMITS } });
  return createGetimgClient({ baseUrl: `${gateway.url}/getimg`, apiKey: key.key, ...options });
}

describe('getimg', () => {
  it('makes images, which are fetched without the key', async () => {
    const getimg = await customer();
    const { data, usage } = await getimg.images.generate(IMAGE);
    expect(usage).toMatchObject({ billable_unit: 'image', quantity: 1 });
    const [file] = data;
    if (file === undefined) throw new Error('no file');
    expect((await getimg.download(file)).byteLength).toBeGreaterThan(1000);
    await expect(getimg.download(file, { maxBytes: 10 })).rejects.toMatchObject({ code: 'media_too_large' });
    await expect(getimg.download(file.url.replace(/sig=\w+/, 'sig=00'))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('refuses images', async () => {
    const getimg = await customer();
    await expect(getimg.images.generate({ ...IMAGE, resolution: '9K' })).rejects.toMatchObject({
      code: 'invalid_parameter',
      param: 'resolution',
      dialect: 'getimg',
    });
    const signal = AbortSignal.timeout(100);
    await expect(getimg.images.generate(IMAGE, { ...steer('delay=60s'), signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('makes videos, which are waited for', async () => {
    const getimg = await customer({ optionalKeys: true });
    const made = await getimg.videos.create(VIDEO, { idempotencyKey: 'v1' });
    expect(await getimg.videos.create(VIDEO, { idempotencyKey: 'v1' })).toEqual(made);
    const done = await getimg.videos.wait(made, quick);
    expect(done).toMatchObject({ status: 'completed', data: [{ mime_type: 'video/mp4' }] });
    expect(await getimg.videos.get(made.id)).toEqual(done);
    expect(await waitFor(getimg.videos, made.id)).toEqual(done);
  });

  it('tells of videos that failed, and of none', async () => {
    const getimg = await customer();
    const made = await getimg.videos.create(VIDEO, steer('error=content_rejected'));
    await expect(getimg.videos.wait(made, quick)).rejects.toMatchObject({
      code: 'content_rejected',
      wireCode: 'content_policy_violation',
      generationId: made.id,
    });
    await expect(getimg.videos.get('req-NOPE')).rejects.toMatchObject({ code: 'not_found' });
    await expect(getimg.videos.wait('req-NOPE')).rejects.toMatchObject({ code: 'not_found' });
    await expect(getimg.videos.create({ ...VIDEO, model: 'nope' })).rejects.toMatchObject({ param: 'model' });
  });

  it('lists its models', async () => {
    const getimg = await customer();
    const every = await getimg.models.list();
    const videos = await getimg.models.list({ type: 'video' });
    expect(videos.length).toBeGreaterThan(0);
    expect(videos).toEqual(every.filter(({ type }) => type === 'video'));
    const nobody = await customer({ apiKey: 'sk_nope' });
    await expect(nobody.models.list()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('without keys leaves a lost answer unknown', async () => {
    const lossy: NonNullable<GetimgClientOptions['fetch']> = async (input, init) => {
      await fetch(input, init);
      throw new TypeError('fetch failed');
    };
    const getimg = await customer({ fetch: lossy });
    await expect(getimg.images.generate(IMAGE)).rejects.toMatchObject({ code: 'outcome_unknown' });
  });
});
