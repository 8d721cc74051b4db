import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Customer,
  caller,
  customer,
  expectFault,
  expectRefused,
  expectToFail,
  FILM,
  IMAGE,
  P,
  run,
  SHORT,
  SMALL_FILM,
  SPEAK,
  SPEECH,
} from './testing.ts';

let gateway: TestGateway;
let ann: Customer;

beforeAll(async () => {
  gateway = await startTestGateway();
});
beforeEach(async () => {
  ann = await customer(gateway);
});
afterAll(() => gateway.close());

describe('INVALID_INPUT', () => {
  provokes('skills-video', 'IMAGE_GENERATION_INVALID_INPUT@400', 'bodies that fail validation', async () => {
    for (const body of [
      { prompt: 'x', n: 9 },
      { prompt: 'x', n: 0 },
      { prompt: 'x', n: '2' },
      { prompt: 'x', n: 1.5 },
      {},
      { prompt: null },
      { prompt: ' ' },
      { prompt: 7 },
      { prompt: 'x'.repeat(10_001) },
      { prompt: 'x', aspect_ratio: '5:4' },
      { prompt: 'x', resolution: '8K' },
      { prompt: 'x', seed: 2 ** 53 },
      { prompt: 'x', image_urls: 'https://example.com/a.png' },
      { prompt: 'x', image_urls: Array(15).fill('https://example.com/a.png') },
      { prompt: 'x', image_urls: ['ftp://example.com/a.png'] },
      { prompt: 'x', image_urls: ['http://169.254.169.254/latest'] },
      { prompt: 'x', image_urls: [''] },
      '{"prompt":"x"',
      '[]',
      '',
      '{"prompt":"\\u0000"}',
      '{"prompt":"\\ud800"}',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    ])
      await expectRefused(gateway, ann, IMAGE, body, 'IMAGE_GENERATION_INVALID_INPUT@400');
    await expectRefused(gateway, ann, IMAGE, '{"prompt":"x"}', 'IMAGE_GENERATION_INVALID_INPUT@400', {
      'content-type': 'text/plain',
    });
    await expectRefused(
      gateway,
      ann,
      IMAGE,
      { prompt: 'x'.repeat(10 * 1024 * 1024) },
      'IMAGE_GENERATION_INVALID_INPUT@400',
    );
    await expectRefused(
      gateway,
      ann,
      IMAGE,
      { prompt: '[[sandbox nonsense=1]]' },
      'IMAGE_GENERATION_INVALID_INPUT@400',
    );
  });

  provokes(
    'skills-video',
    'VIDEO_GENERATION_INVALID_INPUT@400',
    'values out of range, and a file of the wrong kind',
    async () => {
      for (const wrong of [
        { duration: 2 },
        { duration: 16 },
        { aspect_ratio: '5:4' },
        { generate_audio: 'true' },
      ])
        await expectRefused(gateway, ann, FILM, { ...P, ...wrong }, 'VIDEO_GENERATION_INVALID_INPUT@400');
      for (const [name, value] of [
        ['first_frame_url', new Blob(['plain text'], { type: 'image/png' })],
        ['first_frame_url', 'not a url'],
        ['duration', 'eight'],
        ['prompt', new Blob(['a file'])],
      ] as const) {
        const form = new FormData();
        form.append('prompt', 'x');
        if (typeof value === 'string') form.append(name, value);
        else form.append(name, value, 'frame.png');
        await expectRefused(gateway, ann, 'google/veo-3.1', form, 'VIDEO_GENERATION_INVALID_INPUT@400');
      }
      await expectRefused(gateway, ann, 'google/veo-3.1', 'no parts', 'VIDEO_GENERATION_INVALID_INPUT@400', {
        'content-type': 'multipart/form-data; boundary=x',
      });
      await expectRefused(gateway, ann, 'google/veo-3.1', '--x\r\n', 'VIDEO_GENERATION_INVALID_INPUT@400', {
        'content-type': 'multipart/form-data',
      });
    },
  );

  provokes('skills-video', 'TTS_GENERATION_INVALID_INPUT@400', 'no text, and no model at all', async () => {
    await expectRefused(gateway, ann, SPEECH, {}, 'TTS_GENERATION_INVALID_INPUT@400');
    for (const body of [
      { modelId: SPEECH, input: {} },
      { modelId: SPEECH },
      { modelId: SPEECH, input: 'text' },
      { modelId: SPEECH, input: { text: '' } },
      { modelId: SPEECH, input: { text: 'x'.repeat(10_001) } },
      { modelId: '', input: { text: 'x' } },
      { modelId: 5, input: { text: 'x' } },
      { input: { text: 'x' } },
      {},
      'no json',
    ])
      for (const path of [SPEAK, '/api/v1/ai/tts/generate'])
        expectFault(await caller(gateway)('POST', path, body), 'TTS_GENERATION_INVALID_INPUT@400');
  });

  provokes(
    'skills-video',
    'IMAGE_GENERATION_INVALID_INPUT@job',
    'a picture that cannot be fetched',
    async () => {
      const image_urls = ['http://127.0.0.1:9/a.png'];
      await expectToFail(gateway, ann, IMAGE, { ...P, image_urls }, 'IMAGE_GENERATION_INVALID_INPUT@job');
    },
  );

  provokes(
    'skills-video',
    'VIDEO_GENERATION_INVALID_INPUT@job',
    'a clip that cannot be fetched',
    async () => {
      const video_url = 'http://127.0.0.1:9/a.mp4';
      await expectToFail(
        gateway,
        ann,
        'runwayml/gen4-aleph',
        { video_url },
        'VIDEO_GENERATION_INVALID_INPUT@job',
      );
    },
  );

  provokes(
    'skills-video',
    'VIDEO_GENERATION_INVALID_INPUT@job',
    'a source of another kind than its field, or one of several that is gone',
    async () => {
      const picture = await run(gateway, ann.call, IMAGE, P);
      const { url } = (picture.json.data as { image: { url: string } }).image;
      const gone = 'http://127.0.0.1:9/a.png';
      for (const [model, body] of [
        ['runwayml/gen4-aleph', { video_url: url }],
        ['sync/lipsync-2', { audio_url: url }],
        [SMALL_FILM, { ...SHORT, first_frame_url: url, image_url: gone }],
      ] as const)
        await expectToFail(gateway, ann, model, body, 'VIDEO_GENERATION_INVALID_INPUT@job');
      const both = { ...SHORT, first_frame_url: url, last_frame_url: url };
      expect((await run(gateway, ann.call, SMALL_FILM, both)).json.status).toBe('COMPLETED');
    },
  );

  provokes(
    'skills-video',
    'TTS_GENERATION_INVALID_INPUT@job',
    'a text that turns out not to be speakable',
    async () => {
      await expectToFail(
        gateway,
        ann,
        SPEECH,
        { text: 'x [[sandbox error=invalid_parameter]]' },
        'TTS_GENERATION_INVALID_INPUT@job',
      );
    },
  );
});

describe('UNSUPPORTED_MODEL', () => {
  provokes('skills-video', 'IMAGE_GENERATION_UNSUPPORTED_MODEL@400', 'a pair that is none', async () => {
    for (const model of ['google/gpt-image-1', 'qwen/none', 'nobody/image-1'])
      await expectRefused(gateway, ann, model, P, 'IMAGE_GENERATION_UNSUPPORTED_MODEL@400');
    await gateway.admin('PATCH', `/models/skills-video/${encodeURIComponent('z-image/z-image')}`, {
      status: 'inactive',
    });
    await expectRefused(gateway, ann, 'z-image/z-image', P, 'IMAGE_GENERATION_UNSUPPORTED_MODEL@400');
  });

  provokes('skills-video', 'VIDEO_GENERATION_UNSUPPORTED_MODEL@400', 'a pair that is none', async () => {
    for (const model of ['openai/veo-3.1', 'nobody/none', 'kling-ai/v3', 'google/veo-3.1/', 'luma/__proto__'])
      await expectRefused(gateway, ann, model, P, 'VIDEO_GENERATION_UNSUPPORTED_MODEL@400');
  });

  provokes(
    'skills-video',
    'TTS_GENERATION_UNSUPPORTED_MODEL@400',
    'a model that does not speak',
    async () => {
      await expectRefused(gateway, ann, 'minimax-tts/none', P, 'TTS_GENERATION_UNSUPPORTED_MODEL@400');
      const input = { text: 'x' };
      for (const body of [
        { modelId: 'google/veo-3.1', input },
        { modelId: 'none', input },
        { provider: 'minimax-tts', input },
        { model: 'speech-02-hd', input },
        { endpoint: 'none', input },
        { modelId: 'none', provider: 'minimax-tts', model: 'speech-02-hd', input },
      ])
        expectFault(await caller(gateway)('POST', SPEAK, body), 'TTS_GENERATION_UNSUPPORTED_MODEL@400');
    },
  );
});
