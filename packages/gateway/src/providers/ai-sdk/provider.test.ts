import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SpeechRequest, VideoRequest } from '../../domain/request.ts';
import { renderImage } from '../sandbox/media/image.ts';
import { callFor, IMAGE, runToEnd, tools } from '../upstream/testing/call.ts';
import { type Act, type HttpDouble, startHttpDouble } from '../upstream/testing/http-double.ts';
import { createAiSdk } from './provider.ts';
import type { Settings } from './settings.ts';
import { type Folder, makeFolder } from './testing/studio.ts';

const CLIP: VideoRequest = {
  ...{ kind: 'video', prompt: 'a boat', width: 1280, height: 720, seconds: 4, sound: true, seed: 1 },
};
const SPEECH: SpeechRequest = { kind: 'speech', text: 'Hello.', voice: 'ada', format: 'mp3', seed: 1 };

let double: HttpDouble;
let folder: Folder;
const ordinary: Record<string, Act> = {
  '/images': { body: { images: ['AQI=', 'AwQ='], warnings: [] } },
  '/speech': { body: { audio: 'BQY=', warnings: [] } },
  '/videos': { body: { videos: [{ type: 'base64', data: 'Bwg=', mediaType: 'video/mp4' }], warnings: [] } },
};
beforeAll(async () => {
  double = await startHttpDouble(({ path }) => ordinary[path] ?? { status: 404 });
  folder = await makeFolder();
});
afterAll(async () => {
  await double.close();
  await folder.remove();
});
beforeEach(() => {
  (double.seen as unknown[]).length = 0;
});

const studio = (more: Partial<Settings> = {}, where = folder.path) =>
  createAiSdk(
    'up',
    {
      package: '@acme/studio',
      options: { baseURL: double.url, apiKey: 'k' },
      poll_interval: '10ms',
      ...more,
    },
    { ...tools, folder: where },
  );
const bytesOf = (reply: { outputs?: readonly { bytes: Uint8Array }[] }) =>
  reply.outputs?.map(({ bytes }) => [...bytes]);

describe('a package of the AI SDK', () => {
  it('is found beside the operator’s files, above them, and by its path', async () => {
    await studio();
    await studio({}, `${folder.path}/deploy/eu`);
    await studio({ package: './own.mjs', export: 'createStudio' });
  });

  it('that is not there, or says too little, tells what to do', async () => {
    await expect(studio({ package: '@acme/missing' })).rejects.toThrow(
      `providers.up.package: @acme/missing is not installed; run "npm install --prefix ${folder.path} @acme/missing@latest"`,
    );
    await expect(studio({ package: './missing.mjs' })).rejects.toThrow(
      `providers.up.package: there is no module ./missing.mjs in ${folder.path}`,
    );
    await expect(studio({ package: './own.mjs' })).rejects.toThrow(
      'providers.up: say with "export" what of ./own.mjs makes the provider; it has createOther, createStudio',
    );
    await expect(studio({ export: 'studio' })).rejects.toThrow(
      'providers.up.export: @acme/studio has no function studio',
    );
  });

  it('of another version of the specification is told to be renewed', async () => {
    const options = { baseURL: double.url, apiKey: 'k', follows: 'v3' };
    await expect(studio({ options })).rejects.toThrow(
      `providers.up.package: @acme/studio follows v3 of the specification, not v4; run "npm install --prefix ${folder.path} @acme/studio@latest"`,
    );
    await expect(studio({ options, package: './own.mjs', export: 'createStudio' })).rejects.toThrow(
      /follows v3 of the specification, not v4$/,
    );
    const up = await studio();
    await expect(up.submit(callFor('old'))).rejects.toMatchObject({
      code: 'model_misconfigured',
      detail: { raw: expect.stringContaining('specification v2, not v4') },
    });
  });
});

describe('pictures', () => {
  it('are made in as many calls as the model needs, with what it takes', async () => {
    const up = await studio({
      provider_options: { studio: { style: 'plain', quality: 1 } },
      models: { one: { sizes: ['1024x1024', '1536x1024'], provider_options: { studio: { quality: 2 } } } },
    });
    const reply = await up.submit(callFor('one', { request: { ...IMAGE, count: 3 } }));
    expect(bytesOf(reply as never)).toEqual([
      [1, 2],
      [3, 4],
      [1, 2],
      [3, 4],
    ]);
    expect(double.seen.map(({ json }) => json)).toEqual(
      [2, 1].map((n) => ({
        ...{ prompt: 'a mug', n, size: '1536x1024', seed: 7 },
        providerOptions: { studio: { style: 'plain', quality: 2 } },
      })),
    );
  });

  it('have a shape in place of a size where the model takes that, and files to work on', async () => {
    const up = await studio({ models: { one: { aspect_ratios: ['1:1', '4:3', '16:9'] } } });
    const request = { ...IMAGE, sources: [{ role: 'source', url: 'https://a.example/1.png' }] } as const;
    const fetchSource = async () => (await renderImage(IMAGE_JOB)).bytes;
    await up.submit(callFor('one', { request, fetchSource }));
    expect(double.seen[0]?.json).toMatchObject({
      aspectRatio: '4:3',
      files: [expect.stringMatching(/^image\/png \d+$/)],
    });
    expect(double.seen[0]?.json.size).toBeUndefined();
  });

  it('are not made of what the specification has no place for', async () => {
    const request = { ...IMAGE, sources: [{ role: 'audio', url: 'https://a.example/1.mp3' }] } as const;
    await expect((await studio()).submit(callFor('one', { request }))).rejects.toMatchObject({
      code: 'model_misconfigured',
    });
    expect(double.seen).toHaveLength(0);
  });
});

const IMAGE_JOB = {
  prompt: 'a mug',
  seed: 1,
  width: 16,
  height: 16,
  index: 0,
  format: 'png',
  sources: [],
} as never;

describe('the trace', () => {
  it('goes along with orders and looks', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const up = await studio();
    double.script('POST /videos', { body: { task: 'a' } });
    double.script('POST /videos/status', { body: { status: 'pending' } });
    const call = callFor('jobs', { request: CLIP, traceparent });
    await up.poll?.(((await up.submit(call)) as { upstreamId: string }).upstreamId, call);
    await up.submit(callFor('one', { request: SPEECH, traceparent }));
    await up.submit(callFor('one', { traceparent }));
    expect(double.seen.map(({ path, headers }) => [path, headers.traceparent])).toEqual(
      ['/videos', '/videos/status', '/speech', '/images'].map((path) => [path, traceparent]),
    );
  });
});

describe('speech and clips', () => {
  it('are spoken', async () => {
    const reply = await (await studio()).submit(callFor('one', { request: SPEECH }));
    expect(bytesOf(reply as never)).toEqual([[5, 6]]);
    expect(double.seen[0]?.json).toEqual({
      ...{ text: 'Hello.', voice: 'ada', outputFormat: 'mp3', providerOptions: {} },
    });
  });

  it('are answered at the end where the model knows no jobs', async () => {
    const up = await studio({ models: { one: { seconds: [5, 10] } } });
    const reply = await up.submit(callFor('one', { request: { ...CLIP, count: 2 } }));
    expect(bytesOf(reply as never)).toEqual([
      [7, 8],
      [7, 8],
    ]);
    expect(double.seen[0]?.json).toMatchObject({
      ...{ duration: 5, aspectRatio: '16:9', resolution: '1280x720', generateAudio: true, n: 1 },
    });
  });

  it('are delivered as far as they came, with how many calls were lost', async () => {
    const clip = { body: { videos: [{ type: 'base64', data: 'Bwg=', mediaType: 'video/mp4' }] } };
    double.script('POST /videos', clip, 'drop');
    const up = await studio();
    const reply = await up.submit(callFor('one', { request: { ...CLIP, count: 3 } }));
    expect(bytesOf(reply as never)).toEqual([[7, 8]]);
    expect(reply).toMatchObject({ lostCalls: 1 });
    double.script('POST /videos', { body: { task: 'a' } }, 'drop');
    expect(await up.submit(callFor('jobs', { request: { ...CLIP, count: 3 } }))).toMatchObject({
      upstreamId: '[{"task":"a"}]',
      lostCalls: 1,
    });
    double.script('POST /images', undefined, 'drop');
    const pictures = await up.submit(callFor('one', { request: { ...IMAGE, count: 3 } }));
    expect(pictures).toMatchObject({ state: 'finished', lostCalls: 1 });
    double.script('POST /images', undefined, { status: 429, body: { detail: 'Too many requests.' } });
    const refused = await up.submit(callFor('one', { request: { ...IMAGE, count: 3 } }));
    expect(refused).toMatchObject({ state: 'finished' });
    expect(refused).not.toHaveProperty('lostCalls');
  });

  it('start from a picture, or have two frames', async () => {
    const up = await studio();
    const first = { role: 'first_frame', url: 'https://a.example/1.png' } as const;
    const last = { role: 'last_frame', url: 'https://a.example/2.png' } as const;
    await up.submit(callFor('one', { request: { ...CLIP, sources: [first] } }));
    await up.submit(callFor('one', { request: { ...CLIP, sources: [first, last] } }));
    expect(double.seen.map(({ json }) => [json.image, json.frameImages])).toEqual([
      [expect.any(String), undefined],
      [undefined, ['first_frame', 'last_frame']],
    ]);
  });

  it('are jobs where the model knows them, which another process can ask after', async () => {
    const route = 'POST /videos/status';
    double.script('POST /videos', { body: { task: 'a' } }, { body: { task: 'b' } });
    double.script(
      route,
      { body: { status: 'pending' } },
      { body: { status: 'error', error: 'out of memory' } },
    );
    double.script(route, { body: { status: 'error', error: 'out of memory' } });
    double.script(route, {
      body: {
        status: 'completed',
        videos: [{ type: 'url', url: `${double.url}/clip`, mediaType: 'video/mp4' }],
      },
    });
    ordinary['/clip'] = { body: new Uint8Array([9]) };
    const call = callFor('jobs', { request: { ...CLIP, count: 2 } });
    const reply = await (await studio()).submit(call);
    expect(reply).toEqual({ state: 'accepted', upstreamId: '[{"task":"a"},{"task":"b"}]', pollAfterMs: 10 });
    const again = await studio();
    const first = await again.poll?.((reply as { upstreamId: string }).upstreamId, call);
    expect(first?.state).toBe('accepted');
    const second = await again.poll?.((reply as { upstreamId: string }).upstreamId, call);
    expect(bytesOf(second as never)).toEqual([[9]]);
  });

  it('that were refused are told as such', async () => {
    double.script('POST /videos', { body: { task: 'a' } });
    double.script('POST /videos/status', { body: { status: 'error', error: 'Flagged by moderation.' } });
    expect(await runToEnd(await studio(), callFor('jobs', { request: CLIP }))).toMatchObject({
      state: 'failed',
      error: { code: 'content_rejected' },
    });
  });
});

describe('what goes wrong', () => {
  it.each([
    [{ status: 401, body: { error: 'Invalid key' } }, 'model_misconfigured', 'no'],
    [{ status: 404, body: { detail: 'no such model' } }, 'model_misconfigured', 'no'],
    [
      { status: 400, body: { detail: [{ msg: 'Bad', type: 'content_policy_violation' }] } },
      'content_rejected',
      'no',
    ],
    [
      { status: 403, body: { detail: 'User is locked. Reason: Exhausted balance.' } },
      'model_misconfigured',
      'no',
    ],
    [
      { status: 429, body: { message: 'Slow down.' }, headers: { 'retry-after': '3' } },
      'upstream_rate_limited',
      'no',
    ],
    [{ status: 500, body: { error: { message: 'Oops.' } } }, 'upstream_failed', 'no'],
    [{ status: 502, body: '<html>' }, 'upstream_failed', 'maybe'],
    [{ status: 504, body: '' }, 'upstream_timeout', 'maybe'],
    [{ status: 200, body: '<html>' }, 'upstream_invalid_result', 'maybe'],
    [
      { status: 303, body: '', headers: { location: 'http://127.0.0.1:9/gone' } },
      'model_misconfigured',
      'maybe',
    ],
    [{ status: 302, body: '', headers: { location: '/not-there' } }, 'model_misconfigured', 'maybe'],
    ['drop', 'upstream_failed', 'maybe'],
  ] as const)('%j is %s, taken on: %s', async (act, code, accepted) => {
    double.script('POST /images', act as Act);
    const error = await (await studio()).submit(callFor('one')).catch((thrown) => thrown);
    expect([error.code, error.detail.accepted]).toEqual([code, accepted]);
    expect(double.count('POST /images')).toBe(1);
  });

  it('follows who asks for the same order elsewhere', async () => {
    const moved = { status: 308, body: '', headers: { location: '/speech' } };
    double.script('POST /images', moved, moved);
    double.script('POST /speech', ordinary['/images']);
    const reply = await (await studio()).submit(callFor('one'));
    expect(bytesOf(reply as never)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(double.count('POST /speech')).toBe(1);
  });

  it('leaves open what became of an order, whatever is refused behind it', async () => {
    const acts: readonly Act[] = [
      { status: 429, body: { detail: 'Too many requests.' }, headers: { 'retry-after': '1' } },
      { status: 500, body: { detail: 'The database is locked.' } },
      { status: 404, body: { error: 'NoSuchKey' } },
      'drop',
    ];
    for (const [prompt, look, deaf] of [
      ['a mug', 'GET /looks', false],
      ['looks by POST', 'POST /looks', false],
      ['a mug', 'GET /looks', true],
    ] as const) {
      const up = await studio({ options: { baseURL: double.url, apiKey: 'k', deaf } });
      const before = double.count('POST /images');
      for (const act of acts) {
        double.script(look, act);
        const call = callFor('looks', { request: { ...IMAGE, prompt } });
        await expect(up.submit(call)).rejects.toMatchObject({ detail: { accepted: 'maybe' } });
      }
      expect(double.count('POST /images') - before).toBe(acts.length);
      // A refusal of the order itself still counts as a refusal.
      double.script('POST /images', { status: 429, body: { detail: 'Too many requests.' } });
      await expect(up.submit(callFor('looks'))).rejects.toMatchObject({ detail: { accepted: 'no' } });
    }
  });

  it('behind the order is kept with its reason', async () => {
    const call = callFor('looks', { request: { ...IMAGE, prompt: 'fails' } });
    await expect((await studio()).submit(call)).rejects.toMatchObject({
      detail: { accepted: 'maybe', raw: expect.stringContaining('{"failure_reason":"no memory"}') },
    });
  });

  it('before anything was sent leaves nothing open', async () => {
    const gone = await startHttpDouble(() => 'drop');
    await gone.close();
    const up = await studio({ options: { baseURL: gone.url, apiKey: 'k' } });
    await expect(up.submit(callFor('one'))).rejects.toMatchObject({
      code: 'upstream_unavailable',
      detail: {},
    });
  });

  it('at a look says nothing of the job', async () => {
    double.script('POST /videos/status', { status: 502, body: '<html>' });
    const up = await studio();
    await expect(up.poll?.('[{"task":"a"}]', callFor('jobs', { request: CLIP }))).rejects.toMatchObject({
      detail: { accepted: 'no' },
    });
  });

  it('is not held against anybody who stops a call', async () => {
    const stop = new AbortController();
    double.script('POST /images', 'hang');
    const made = (await studio()).submit(callFor('one', { signal: stop.signal }));
    await double.called('POST /images', 1);
    stop.abort('canceled');
    await expect(made).rejects.not.toHaveProperty('code', 'upstream_failed');
  });
});
