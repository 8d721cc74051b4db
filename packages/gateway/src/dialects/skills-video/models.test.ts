import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { priceOf } from '../../domain/pricing.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { CREDIT } from './credits.ts';
import { familyOf, specs } from './models.ts';
import { filmSize, imageSize } from './sizes.ts';
import { type Customer, create, customer, P } from './testing.ts';

describe('the model table', () => {
  it('has the 61 paths of the snapshot, the two that are named elsewhere, and a price for each', () => {
    const count = (family: string) => specs.filter((spec) => spec.family === family).length;
    expect([count('IMAGE'), count('VIDEO'), count('TTS')]).toEqual([23, 39, 1]);
    expect(new Set(specs.map(({ id }) => id)).size).toBe(63);
    for (const { price } of specs) {
      const least = priceOf(price, { images: 1, seconds: 1, calls: 1 });
      expect(least).toBeGreaterThanOrEqual(CREDIT);
      expect(least % CREDIT).toBe(0);
    }
  });

  it('decides the family of every path', () => {
    for (const [path, family] of [
      ['google/gpt-image-1', 'IMAGE'],
      ['openai/veo-3.1', 'VIDEO'],
      ['nobody/none', 'VIDEO'],
      ['nobody/Image', 'IMAGE'],
      ['nobody/speech', 'TTS'],
      ['my-tts/x', 'TTS'],
      ['minimax-tts/none', 'TTS'],
      ['luma/image', 'VIDEO'],
      ['qwen/video', 'IMAGE'],
      ['topaz/upscale/image', 'IMAGE'],
      ['topaz/upscale/video', 'VIDEO'],
      ['', 'VIDEO'],
    ])
      expect([path, familyOf(path ?? '')]).toEqual([path, family]);
  });

  it('gives shapes that encoders take', () => {
    expect(imageSize('1K', '1:1')).toEqual({ width: 1024, height: 1024 });
    expect(filmSize('1080p', '16:9')).toEqual({ width: 1920, height: 1080 });
    expect(filmSize('720p', '9:16')).toEqual({ width: 720, height: 1280 });
    for (const aspect of ['16:9', '9:16', '1:1', '4:3', '3:4', '21:9'])
      for (const resolution of ['480p', '720p', '1080p'])
        for (const side of Object.values(filmSize(resolution, aspect))) expect(side % 2).toBe(0);
  });
});

describe('every model', () => {
  let gateway: TestGateway;
  let ann: Customer;
  beforeAll(async () => {
    gateway = await startTestGateway({ worker: false });
    ann = await customer(gateway, { account: { limits: { concurrent: 1000 } } });
  });
  afterAll(() => gateway.close());

  it.each(specs.map(({ id, family }) => [id, family] as const))(
    '%s takes a prompt and refuses none',
    async (id, family) => {
      const created = await ann.call('POST', create(id), P);
      expect([created.status, created.json.status]).toEqual([202, 'IN_QUEUE']);
      const refused = await ann.call('POST', create(id), {});
      expect([refused.status, refused.json.code]).toEqual([400, `${family}_GENERATION_INVALID_INPUT`]);
    },
  );

  it('fills in what is published', async () => {
    const inputOf = async (model: string, body: object) =>
      (await ann.call('POST', create(model), body)).json.input;
    expect(await inputOf('google/veo-3.1', P)).toEqual({
      ...P,
      duration: 8,
      resolution: '1080p',
      aspect_ratio: '16:9',
      generate_audio: true,
      n: 1,
    });
    expect(await inputOf('kling-ai/kling-v2.6', { ...P, extra: 1 })).toEqual({
      ...P,
      feature: 'text-image-to-video',
      generate_audio: true,
      aspect_ratio: '16:9',
      duration: 5,
    });
  });

  it('kling-v2.6 in its other form needs no prompt', async () => {
    const urls = { image_url: 'https://example.com/a.png', video_url: 'https://example.com/a.mp4' };
    const created = await ann.call('POST', create('kling-ai/kling-v2.6'), urls);
    expect(created.json.input).toEqual({
      ...urls,
      feature: 'motion-control',
      character_orientation: 'video',
      quality: 'standard',
      keep_original_sound: true,
    });
  });
});
