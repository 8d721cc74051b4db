import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  balanceOf,
  type Call,
  customer,
  ended,
  IMG,
  idOf,
  type MediaServer,
  movesOf,
  SONG,
  serveMedia,
  started,
  VID,
} from './testing.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let gateway: TestGateway;
let media: MediaServer;
beforeAll(async () => {
  [gateway, media] = await Promise.all([startTestGateway(), serveMedia()]);
});
afterAll(async () => {
  media.close();
  await gateway.close();
});

const filesOf = (json: { readonly [name: string]: unknown }) =>
  (json.metadata as { storage: { files: readonly object[] } }).storage.files;

describe.each(['/v1/predict', '/v1/predictions'])('POST %s', (path) => {
  it('takes a prediction on, makes it and shows it', async () => {
    const { id: account, call } = await customer(gateway, { credit_usd: '1' });
    const created = await call('POST', path, IMG);
    const id = idOf(created);
    const base = `${gateway.url}/skytells`;
    expect(created.status).toBe(200);
    expect(id).toMatch(UUID);
    expect(created.json).toEqual({
      id,
      status: 'pending',
      type: 'inference',
      stream: false,
      input: IMG.input,
      output: null,
      response: null,
      error: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      started_at: null,
      completed_at: null,
      updated_at: created.json.created_at,
      privacy: 'private',
      source: 'api',
      model: { name: 'truefusion', type: 'image' },
      webhook: { url: null, events: [] },
      metrics: { image_count: 0, asset_count: 0, progress: 0 },
      metadata: { billing: { credits_used: 0.03 }, storage: { files: [] }, data_available: false },
      urls: {
        get: `${base}/v1/predictions/${id}`,
        cancel: `${base}/v1/predictions/${id}/cancel`,
        stream: `${base}/v1/predictions/${id}/stream`,
        delete: `${base}/v1/predictions/${id}/delete`,
      },
    });

    const done = (await ended(gateway, call, id)).json;
    expect(done).toMatchObject({
      status: 'succeeded',
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
      completed_at: expect.stringMatching(/\+00:00$/),
      response: null,
      error: null,
      metrics: { image_count: 1, asset_count: 1, progress: 100 },
      metadata: { billing: { credits_used: 0.03 }, data_available: true },
    });
    const [output] = done.output as [string];
    expect(filesOf(done)).toEqual([
      { name: 'output.png', type: 'image/png', size: expect.any(Number), url: output },
    ]);
    expect(output).toMatch(/\/skytells\/delivery\/\d{4}\/\d\d\/\d\d\/[0-9a-f-]{36}-output\.png$/);
    const file = await fetch(output);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(await movesOf(gateway, account)).toEqual(['hold 0.03', 'capture 0.03']);
    expect(await balanceOf(gateway, account)).toEqual({ available_usd: '0.97', held_usd: '0' });
  });
});

describe('await', () => {
  let call: Call;
  beforeAll(async () => {
    call = (await customer(gateway)).call;
  });

  it('goes on although the store cannot be read for a moment', async () => {
    await gateway.admin('POST', '/faults', { point: 'store.read', effect: 'error', times: 2 });
    const { status, json } = await call('POST', '/v1/predict', { ...IMG, await: true });
    await gateway.admin('DELETE', '/faults');
    expect([status, json.status]).toEqual([200, 'succeeded']);
  });

  it.each(['await', 'wait'])('%s holds the answer of an image until it is there', async (flag) => {
    const { json } = await call('POST', '/v1/predict', { ...IMG, [flag]: true });
    expect(json).toMatchObject({ status: 'succeeded', output: [expect.stringContaining('.png')] });
  });

  it('tells a failure of the model as a failed prediction', async () => {
    const { status, json } = await call('POST', '/v1/predict', {
      ...IMG,
      input: { ...IMG.input, prompt: 'a mug [[sandbox error=content_rejected]]' },
      await: true,
    });
    expect([status, json.status, json.error]).toEqual([200, 'failed', 'NSFW content detected.']);
  });

  it('ends with a cancellation from elsewhere', async () => {
    const steering = { 'genlock-sandbox': 'delay=60s' };
    const held = call('POST', '/v1/predict', { ...IMG, await: true }, steering);
    const id = await firstUnfinished(call);
    await started(gateway, id);
    await call('POST', `/v1/predictions/${id}/cancel`);
    expect((await held).json).toMatchObject({ id, status: 'cancelled' });
  });

  it.each([VID, SONG])('is ignored for $model', async (body) => {
    const { json } = await call('POST', '/v1/predict', { ...body, await: true });
    expect(json).toMatchObject({ status: 'pending', output: null });
    await call('POST', `/v1/predictions/${json.id}/cancel`);
  });
});

/** A create that is held open does not return its id. */
async function firstUnfinished(call: Call): Promise<string> {
  for (;;) {
    for (const status of ['pending', 'processing']) {
      const { json } = await call('GET', `/v1/predictions?status=${status}`);
      const [first] = json.data as { id: string }[];
      if (first !== undefined) return first.id;
    }
  }
}

describe('a model', () => {
  it('makes several pictures in the format and size asked for', async () => {
    const { id, call } = await customer(gateway);
    const input = { prompt: 'mugs', width: 96, height: 64, num_outputs: 2, output_format: 'jpg', seed: 3 };
    const { json } = await call('POST', '/v1/predict', { model: 'truefusion', input, await: true });
    expect(json.output).toEqual([expect.stringMatching(/\.jpg$/), expect.stringMatching(/\.jpg$/)]);
    expect(filesOf(json)).toMatchObject([{ name: 'output-1.jpg' }, { name: 'output-2.jpg' }]);
    expect(json.metrics).toMatchObject({ image_count: 2, asset_count: 2 });
    expect(await movesOf(gateway, id)).toEqual(['hold 0.06', 'capture 0.06']);
    const admin = await gateway.admin<{ assets: object[] }>('GET', `/generations/${json.id}`);
    expect(admin.body.assets).toMatchObject([{ width: 96, height: 64 }, {}]);
  });

  it('works on a picture of its own', async () => {
    const { call } = await customer(gateway);
    const first = await call('POST', '/v1/predict', { ...IMG, await: true });
    const [image] = first.json.output as [string];
    const input = { prompt: 'at night', image };
    const second = await call('POST', '/v1/predict', { model: 'truefusion', input, await: true });
    expect(second.json.status).toBe('succeeded');
    const { body } = await gateway.admin('GET', `/generations/${idOf(second)}`);
    expect(body.assets).toMatchObject([{ width: 64, height: 64 }]);
  });

  it('of clips is charged by the second that it delivers', async () => {
    const { id, call } = await customer(gateway);
    const created = await call('POST', '/v1/predict', VID);
    expect(created.json).toMatchObject({ metadata: { billing: { credits_used: 0.336 } } });
    const { json } = await ended(gateway, call, idOf(created));
    expect(json).toMatchObject({ status: 'succeeded', model: { name: 'truefusion-video', type: 'video' } });
    expect(json.output).toEqual([expect.stringMatching(/-output\.mp4$/)]);
    expect(await movesOf(gateway, id)).toEqual(['hold 0.336', 'capture 0.336']);
    const { body } = await gateway.admin('GET', `/generations/${idOf(created)}`);
    expect(body.assets).toMatchObject([{ duration_seconds: 3, fps: 2, width: 854, height: 480 }]);
  });

  it('that delivers less is charged for less', async () => {
    const { id, call } = await customer(gateway);
    const created = await call('POST', '/v1/predict', VID, { 'genlock-sandbox': 'clip=1.5' });
    await ended(gateway, call, idOf(created));
    expect(await movesOf(gateway, id)).toEqual(['hold 0.336', 'capture 0.168', 'release 0.168']);
  });

  it('of songs has only the two times in its metrics', async () => {
    const { id, call } = await customer(gateway);
    const created = await call('POST', '/v1/predict', {
      ...SONG,
      input: { ...SONG.input, audio_format: 'wav' },
    });
    const { json } = await ended(gateway, call, idOf(created));
    expect(json.output).toEqual([expect.stringMatching(/-output\.wav$/)]);
    expect(json.metrics).toEqual({ predict_time: expect.any(Number), total_time: expect.any(Number) });
    expect(await movesOf(gateway, id)).toEqual(['hold 0.75', 'capture 0.75']);
  });

  it('of songs has the sample rate that was asked for, else that of the catalogue', async () => {
    const { call } = await customer(gateway);
    for (const [asked, rate] of [
      [{ sample_rate: 16_000 }, 16_000],
      [{}, 44_100],
    ] as const) {
      const input = { ...SONG.input, ...asked, audio_format: 'pcm' };
      const created = await call('POST', '/v1/predict', { ...SONG, input });
      const { json } = await ended(gateway, call, idOf(created));
      const [output = ''] = json.output as string[];
      const wav = Buffer.from(await (await fetch(output)).arrayBuffer());
      // In the `fmt ` chunk, after the type and the channels.
      expect([wav.toString('latin1', 0, 4), wav.readUInt32LE(24)]).toEqual(['RIFF', rate]);
    }
  });

  it('of speech holds more than it costs', async () => {
    const { id, call } = await customer(gateway);
    const input = { text: 'A red mug stands on an oak table.' };
    const created = await call('POST', '/v1/predict', { model: 'voicefusion', input });
    await ended(gateway, call, idOf(created));
    const [hold = '', capture = '', release = ''] = await movesOf(gateway, id);
    const usd = (entry: string) => Number(entry.split(' ')[1]);
    expect(hold).toBe('hold 0.016');
    expect([capture, release]).toEqual([
      expect.stringMatching(/^capture/),
      expect.stringMatching(/^release/),
    ]);
    expect(usd(capture) + usd(release)).toBeCloseTo(0.016, 9);
  });

  it('is priced by the length of the clip that it works on', async () => {
    const { id, call } = await customer(gateway);
    const body = { model: 'lipfusion', input: { video: `${media.url}/4.mp4` } };
    const created = await call('POST', '/v1/predictions', body);
    expect(created.json).toMatchObject({ metadata: { billing: { credits_used: 0.48 } } });
    const { json } = await ended(gateway, call, idOf(created));
    expect(json.status).toBe('succeeded');
    expect(await movesOf(gateway, id)).toEqual(['hold 0.48', 'capture 0.48']);
    const { body: told } = await gateway.admin('GET', `/generations/${idOf(created)}`);
    expect(told.assets).toMatchObject([{ duration_seconds: 4, width: 64, height: 48, has_sound: true }]);
    // Once more with its own result, which is not fetched over the network.
    const [video] = json.output as [string];
    expect((await call('POST', '/v1/predictions', { ...body, input: { video } })).status).toBe(200);
  });

  it.each(['skytells/truefusion', 'TrueFusion', 'Skytells/TRUEFUSION'])('answers to %s', async (model) => {
    const { call } = await customer(gateway);
    const created = await call('POST', '/v1/predictions', { ...IMG, model });
    expect(created.json.model).toEqual({ name: 'truefusion', type: 'image' });
  });
});

describe('a create body', () => {
  it('may hold what older pages and the future know', async () => {
    const { call } = await customer(gateway);
    const created = await call('POST', '/v1/predictions', {
      ...IMG,
      input: { ...IMG.input, negative_prompt: null, something: 'new' },
      safety_checker: false,
      safety_check: true,
      gpu: 'h100',
      stream: true,
      webhook: null,
      unknown: { deep: [] },
    });
    expect(created.json).toMatchObject({ stream: true, input: { something: 'new' } });
  });

  it('is free with a test key, also without credits', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '0', key: { mode: 'test' } });
    const { json } = await call('POST', '/v1/predict', { ...IMG, await: true });
    expect(json).toMatchObject({ status: 'succeeded', metadata: { billing: { credits_used: 0 } } });
    expect(await movesOf(gateway, id)).toEqual([]);
  });

  it('may use Enterprise inputs on that plan', async () => {
    const { call } = await customer(gateway, { plan: 'enterprise' });
    const body = { ...VID, input: { ...VID.input, watermark: false } };
    const created = await call('POST', '/v1/predictions', body);
    expect(created.status).toBe(200);
    await call('DELETE', `/v1/predictions/${idOf(created)}`);
  });
});
