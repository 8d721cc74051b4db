import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../../gateway/src/testing/gateway.ts';
import { all } from '../../../testing/all.ts';
import { startCuttingProxy } from '../../../testing/cutting-proxy.ts';
import { PNG } from '../../../testing/pictures.ts';
import { createSkillsVideoClient, type SkillsVideoClient } from '../../index.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close(0));

const IMAGE = 'bytedance/seedream-5-lite';
const CLIP = 'luma/ray-2-flash';
const SHORT = { prompt: 'a red mug', duration: 1, resolution: '480p', aspect_ratio: '1:1' };
const P = { prompt: 'a red mug on oak' };
const quick = { intervalMs: 50 };
const steer = (steering: string) => ({ headers: { 'genlock-sandbox': steering } });

async function customer(baseUrl = gateway.url): Promise<SkillsVideoClient> {
  const { key } = await gateway.customer({ dialect: 'skills-video' });
  return createSkillsVideoClient({ baseUrl: `${baseUrl}/skills-video/api`, apiKey: key.key });
}

describe('skills.video tasks', () => {
  it('are ordered, waited for, read and fetched', async () => {
    const client = await customer();
    const made = await client.generations.create(IMAGE, { ...P, resolution: '1K' });
    expect(made).toMatchObject({ input: { n: 1 }, usage: { total: expect.any(Number) } });
    const done = await client.generations.wait(made, quick);
    if (done.data.type !== 'image' || done.data.image === null) throw new Error('no image');
    expect((await client.download(done.data.image)).byteLength).toBeGreaterThan(1000);
    expect(await client.generations.get(made.id)).toEqual(done);
    expect(await client.credits()).toMatchObject({ subscription: 0 });
    await expect(client.generations.get('gen_nope')).rejects.toMatchObject({ code: 'not_found' });
    await expect(client.download(`${gateway.url}/skills-video/files/a/b/c.png`)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('take files', async () => {
    const client = await customer();
    const made = await client.generations.create('google/nano-banana-pro', {
      ...P,
      n: 2,
      image_urls: [new File([PNG], 'mug.png', { type: 'image/png' }), new Blob([PNG], { type: 'image/png' })],
    });
    expect(made.input).toMatchObject({ n: 2, image_urls: [expect.any(String), expect.any(String)] });
    await client.generations.wait(made.id, quick);
  });

  it('are refused, or fail', async () => {
    const client = await customer();
    await expect(client.generations.create(IMAGE, { ...P, n: 9 })).rejects.toMatchObject({
      code: 'invalid_parameter',
      wireCode: 'IMAGE_GENERATION_INVALID_INPUT',
    });
    const made = await client.generations.create(IMAGE, P, steer('error=content_rejected'));
    await expect(client.generations.wait(made, quick)).rejects.toMatchObject({
      code: 'content_rejected',
      generationId: made.id,
    });
    const slow = await client.generations.create(CLIP, SHORT, steer('delay=600s'));
    await expect(client.generations.wait(slow, { ...quick, timeoutMs: 120 })).rejects.toMatchObject({
      code: 'outcome_unknown',
      generationId: slow.id,
    });
  });
});

describe('the stream of a skills.video task', () => {
  it('tells each state', async () => {
    const client = await customer();
    const events = await all(client.generations.stream(CLIP, SHORT));
    expect(events.map(({ status }) => status)).toEqual(expect.arrayContaining(['IN_QUEUE', 'COMPLETED']));
    expect(events.at(-1)).toMatchObject({ status: 'COMPLETED', data: { type: 'video' } });
    const [failed] = (
      await all(client.generations.stream(CLIP, SHORT, steer('error=upstream_failed')))
    ).slice(-1);
    expect(failed).toMatchObject({ status: 'FAILED', code: 'VIDEO_GENERATION_FAILED' });
    await expect(all(client.generations.stream(CLIP, { ...SHORT, duration: 'x' }))).rejects.toMatchObject({
      code: 'invalid_parameter',
    });
  });

  it('is followed to its end when the connection breaks', async () => {
    const proxy = await startCuttingProxy(gateway.url);
    try {
      const client = await customer(proxy.url);
      proxy.cutAfter(/"status":"IN_QUEUE"[^\n]*\n\n/);
      const events = await all(client.generations.stream(IMAGE, { ...P, resolution: '1K' }));
      expect(events.map(({ status }) => status)).toEqual(['IN_QUEUE', 'COMPLETED']);
      expect(events[1]).not.toHaveProperty('input');
      proxy.cutAfter(/data: /);
      await expect(all(client.generations.stream(IMAGE, P))).rejects.toMatchObject({
        code: 'outcome_unknown',
        mayHaveBeenCharged: true,
      });
    } finally {
      await proxy.close();
    }
  });

  it('ends with the signal', async () => {
    const client = await customer();
    const controller = new AbortController();
    const { signal } = controller;
    const events = client.generations.stream(CLIP, SHORT, { ...steer('delay=600s'), signal });
    expect((await events.next()).value).toMatchObject({ status: expect.stringMatching(/^IN_/) });
    controller.abort(new Error('enough'));
    await expect(all(events)).rejects.toThrow('enough');
  });
});

describe('skills.video', () => {
  it('speaks', async () => {
    const client = await customer();
    const modelId = 'minimax-tts/speech-02-hd';
    const { data } = await client.speech.generate({ modelId, input: { text: 'Good morning.' } });
    expect(data).toMatchObject({ modelId, audio: { content_type: 'audio/mpeg' } });
    expect((await client.download(data.audio_url ?? '')).byteLength).toBeGreaterThan(1000);
    await expect(client.speech.generate({ modelId: 'nope', input: { text: 'a' } })).rejects.toMatchObject({
      code: 'model_unsupported',
    });
  });

  it('lists its models', async () => {
    const client = await customer();
    const { data } = await client.models.list();
    expect(data.find(({ id }) => id === IMAGE)).toMatchObject({ provider: 'bytedance', type: 'image' });
    const { key } = await gateway.customer({ dialect: 'skills-video', account: { plan: 'free' } });
    const free = createSkillsVideoClient({ baseUrl: `${gateway.url}/skills-video/api`, apiKey: key.key });
    await expect(free.models.list()).rejects.toMatchObject({ code: 'forbidden' });
    await expect(free.credits()).rejects.toMatchObject({ code: 'forbidden' });
  });
});
