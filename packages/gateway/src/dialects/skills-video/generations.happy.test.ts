import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  balance,
  type Customer,
  caller,
  create,
  customer,
  expectFault,
  FILM,
  IMAGE,
  idOf,
  P,
  PIXEL,
  run,
  SHORT,
  SMALL_FILM,
  SPEECH,
} from './testing.ts';

let gateway: TestGateway;
let ann: Customer;

beforeAll(async () => {
  gateway = await startTestGateway();
  ann = await customer(gateway, { credit_usd: '50', subscription: '0.10' });
});
afterAll(() => gateway.close());

interface File {
  readonly url: string;
  readonly file_name?: string;
  readonly content_type: string;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
}

async function download(file: File): Promise<Uint8Array> {
  const response = await fetch(file.url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(file.content_type);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(response.headers.get('content-length')).toBe(String(bytes.length));
  return bytes;
}

describe('create, read and download', () => {
  it('an image: normalized input, credits of both buckets, and the file that it says', async () => {
    const created = await ann.call('POST', create(IMAGE), { ...P, n: 2, unknown: true, seed: null });
    expect(created.status).toBe(202);
    const input = { ...P, aspect_ratio: '1:1', resolution: '1K', n: 2 };
    expect(created.json).toEqual({
      id: expect.stringMatching(/^gen_[0-9A-Z]{26}$/),
      status: 'IN_QUEUE',
      input,
      usage: { total: 8, subscription: 8, permanent: 0 },
    });

    await waitForEnd(gateway.core, idOf(created), 45_000);
    const read = await ann.call('GET', `/api/v1/generation/${idOf(created)}`);
    expect(read.status).toBe(200);
    const { data, ...rest } = read.json as { data: { images: File[]; image: File } };
    expect(rest).toEqual({ ...created.json, status: 'COMPLETED' });
    expect(data).toEqual({
      type: 'image',
      n: 2,
      actual_prompt: P.prompt,
      images: data.images,
      image: data.images[0],
    });
    expect(data.image).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/skills-video\/files\/.+\/image-1\.png$/),
      file_name: 'image-1.png',
      content_type: 'image/png',
      width: 1024,
      height: 1024,
    });
    for (const file of data.images) {
      const facts = await gateway.core.probe(await download(file));
      expect(facts).toMatchObject({ width: file.width, height: file.height });
    }
  });

  it('a clip: subscription credits first, then permanent ones, for each of its seconds', async () => {
    const task = await run(gateway, ann.call, SMALL_FILM, { ...SHORT, n: 2, generate_audio: true });
    expect(task.json).toMatchObject({
      status: 'COMPLETED',
      input: { ...SHORT, n: 2, generate_audio: true },
      // 3 credits per second, half of it at 480p, rounded up; 2 of the 10 subscription credits were left.
      usage: { total: 3, subscription: 2, permanent: 1 },
    });
    const data = task.json.data as { videos: File[]; video: File };
    expect(data).toMatchObject({ type: 'video', n: 2, actual_prompt: P.prompt });
    expect(data.video).toEqual(data.videos[0]);
    expect(data.videos).toHaveLength(2);
    const bytes = await download(data.video);
    const facts = await gateway.core.probe(bytes);
    expect(facts).toMatchObject({
      kind: 'video',
      contentType: 'video/mp4',
      width: 480,
      height: 480,
      hasSound: true,
    });
    expect(data.video.duration).toBe(facts.durationSeconds);
    expect(await balance(ann.call)).toEqual({ total: 4999, subscription: 0, permanent: 4999 });
  });

  it('speech, as text or as prompt', async () => {
    for (const body of [
      { text: 'good morning', language: 'en' },
      { prompt: 'good morning', language: 'en' },
    ]) {
      const task = await run(gateway, ann.call, SPEECH, body);
      expect(task.json).toMatchObject({
        status: 'COMPLETED',
        input: { text: 'good morning', language: 'en' },
        usage: { total: 1, subscription: 0, permanent: 1 },
      });
      const data = task.json.data as { audio_url: string; audio: File };
      expect(data).toMatchObject({ type: 'audio', n: 1, audio_url: data.audio.url });
      expect(data.audio.content_type).toBe('audio/mpeg');
      const facts = await gateway.core.probe(await download(data.audio));
      expect(data.audio.duration).toBe(facts.durationSeconds);
    }
  });

  it('the sample of the contract costs its 20 credits, whichever bucket they come from', async () => {
    const bob = await customer(gateway, { credit_usd: '0', subscription: '0.20' });
    const created = await bob.call('POST', create(FILM), { ...P, duration: 5 });
    expect(created.json).toMatchObject({
      input: { ...P, duration: 5, generate_audio: true, quality: 'standard', aspect_ratio: '16:9', n: 1 },
      usage: { total: 20, subscription: 20, permanent: 0 },
    });
    expect(await balance(bob.call)).toEqual({ total: 0, subscription: 0, permanent: 0 });
    await gateway.admin('POST', `/generations/${idOf(created)}/cancel`);
    const task = await bob.call('GET', `/api/v1/generation/${idOf(created)}`);
    expect(task.json).toMatchObject({ status: 'CANCELED', data: null, usage: { total: 0 } });
    expect(task.json).not.toHaveProperty('code');
    expect(await balance(bob.call)).toEqual({ total: 20, subscription: 20, permanent: 0 });
  });

  it('files and URLs mixed in one multipart list, in their order, and text read as what it is', async () => {
    const form = new FormData();
    form.append('prompt', 'both of them');
    form.append('n', '1');
    form.append('image_urls', new Blob([PIXEL], { type: 'image/png' }), 'a.png');
    const first = (await run(gateway, ann.call, IMAGE, P)).json.data as { image: File };
    form.append('image_urls', first.image.url);
    form.append('image_urls', new Blob([PIXEL]), 'b');
    const task = await run(gateway, ann.call, IMAGE, form);
    expect(task.json.status).toBe('COMPLETED');
    const { image_urls, n } = task.json.input as { image_urls: string[]; n: number };
    expect(n).toBe(1);
    expect(image_urls).toEqual([
      expect.stringContaining('/files/upl_'),
      first.image.url,
      expect.stringContaining('/files/upl_'),
    ]);
    expect(Buffer.from(await download({ url: image_urls[0] ?? '', content_type: 'image/png' }))).toEqual(
      PIXEL,
    );
  });

  it('one file for a field that is one, and the alias of a list', async () => {
    const form = new FormData();
    form.append('first_frame_url', new Blob([PIXEL]), 'a.png');
    for (const [name, value] of Object.entries({ ...SHORT, generate_audio: 'false' }))
      form.append(name, String(value));
    const film = await run(gateway, ann.call, SMALL_FILM, form);
    expect(film.json).toMatchObject({
      status: 'COMPLETED',
      input: { ...SHORT, generate_audio: false, first_frame_url: expect.stringContaining('/files/upl_') },
    });
    const list = new FormData();
    list.append('prompt', 'an alias');
    list.append('image_urls[]', new Blob([PIXEL]), 'a.png');
    const image = await ann.call('POST', create(IMAGE), list);
    expect(image.json.input).toMatchObject({ image_urls: [expect.stringContaining('/files/upl_')] });
  });

  it('in test mode, without a credit', async () => {
    const tess = await customer(gateway, { credit_usd: '0', key: { mode: 'test' } });
    const task = await run(gateway, tess.call, SPEECH, { text: 'hello' });
    expect(task.json).toMatchObject({
      status: 'COMPLETED',
      usage: { total: 0, subscription: 0, permanent: 0 },
    });
  });
});

describe('other routes', () => {
  it('a key has the shape that is issued', () => {
    expect(ann.key.key).toMatch(/^sk_[A-Za-z0-9]{40}$/);
  });

  it('lists the models', async () => {
    const { json } = await ann.call('GET', '/api/v1/models');
    expect(json.data).toContainEqual({ id: FILM, provider: 'kling-ai', model: 'v3/video', type: 'video' });
    expect(json.data).toContainEqual({
      id: IMAGE,
      provider: 'bytedance',
      model: 'seedream-5-lite',
      type: 'image',
    });
    expect((json.data as object[]).length).toBe(63);
  });

  it('answers ranges and HEAD of a file, to whoever has its link', async () => {
    const task = await run(gateway, ann.call, IMAGE, P);
    const { image } = task.json.data as { image: File };
    const part = await fetch(image.url, { headers: { range: 'bytes=0-7' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 8]);
    const head = await fetch(image.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('accept-ranges')]).toEqual([200, 'bytes']);
    const nobody = caller(gateway);
    const path = new URL(image.url).pathname.replace('/skills-video', '');
    const outside = await nobody('GET', path, undefined, { range: 'bytes=99999999-' });
    expectFault(outside, 'IMAGE_GENERATION_INVALID_INPUT@400');
    expect(outside.headers.get('cache-control')).toBe('no-store');
    expect((await nobody('GET', path.replace(/\/[0-9a-f]{32}\//, `/${'0'.repeat(32)}/`))).status).toBe(404);
  });
});
