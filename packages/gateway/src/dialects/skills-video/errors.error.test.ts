import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { listen } from '../../testing/listen.ts';
import {
  balance,
  type Customer,
  caller,
  create,
  customer,
  expectFailed,
  expectFault,
  FILM,
  IMAGE,
  idOf,
  P,
  PIXEL,
  run,
  SPEECH,
  started,
  stream,
} from './testing.ts';

const SPEAK = '/api/ai/tts/generate';
const SAY = { modelId: SPEECH, input: { text: 'good morning' } };

let gateway: TestGateway;
let ann: Customer;

beforeAll(async () => {
  gateway = await startTestGateway({
    config: `
moderation:
  words: [forbidden]
models:
  skills-video/google/nano-banana: { deadline: 300ms }
  skills-video/luma/ray-2: { deadline: 300ms }
`,
  });
});
beforeEach(async () => {
  ann = await customer(gateway);
});
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.close();
  await gateway.close();
});

/** The same on both ways to create; a refused one costs nothing. */
async function refused(
  model: string,
  body: unknown,
  row: string,
  headers?: Record<string, string>,
): Promise<void> {
  const before = await balance(ann.call);
  for (const path of [create(model), stream(model)])
    expectFault(await ann.call('POST', path, body, headers), row);
  expect(await balance(ann.call)).toEqual(before);
  expect(
    (
      await gateway.core.store.generationsByNumber({
        accountId: ann.id,
        dialect: 'skills-video',
        mode: 'live',
        offset: 0,
        limit: 1,
      })
    ).total,
  ).toBe(0);
}

/** Accepted, then failed; the credits are back. */
async function failed(model: string, body: unknown, row: string, steering?: string): Promise<void> {
  const before = await balance(ann.call);
  const task = await run(gateway, ann.call, model, body, steering);
  expect(task.status).toBe(200);
  expectFailed(task.json, row);
  expect(await balance(ann.call)).toEqual(before);
}

/** A PNG whose chunks are whole and whose pixels are not: a byte of the compressed data is another. */
function brokenPixels(): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(PIXEL);
  const at = PIXEL.indexOf('IDAT') + 6;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  return bytes;
}

/** A URL at which these bytes are. */
async function serve(bytes: Uint8Array): Promise<string> {
  const server = createServer((_request, response) => response.end(bytes));
  servers.push(server);
  return `${await listen(server)}/picture.png`;
}

const steer = (value: string) => ({ 'genlock-sandbox': value });
const fault = (body: object) => gateway.admin('POST', '/faults', body);

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
      await refused(IMAGE, body, 'IMAGE_GENERATION_INVALID_INPUT@400');
    await refused(IMAGE, '{"prompt":"x"}', 'IMAGE_GENERATION_INVALID_INPUT@400', {
      'content-type': 'text/plain',
    });
    await refused(IMAGE, { prompt: 'x'.repeat(10 * 1024 * 1024) }, 'IMAGE_GENERATION_INVALID_INPUT@400');
    await refused(IMAGE, { prompt: '[[sandbox nonsense=1]]' }, 'IMAGE_GENERATION_INVALID_INPUT@400');
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
        await refused(FILM, { ...P, ...wrong }, 'VIDEO_GENERATION_INVALID_INPUT@400');
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
        await refused('google/veo-3.1', form, 'VIDEO_GENERATION_INVALID_INPUT@400');
      }
      await refused('google/veo-3.1', 'no parts', 'VIDEO_GENERATION_INVALID_INPUT@400', {
        'content-type': 'multipart/form-data; boundary=x',
      });
      await refused('google/veo-3.1', '--x\r\n', 'VIDEO_GENERATION_INVALID_INPUT@400', {
        'content-type': 'multipart/form-data',
      });
    },
  );

  provokes('skills-video', 'TTS_GENERATION_INVALID_INPUT@400', 'no text, and no model at all', async () => {
    await refused(SPEECH, {}, 'TTS_GENERATION_INVALID_INPUT@400');
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
      await failed(IMAGE, { ...P, image_urls }, 'IMAGE_GENERATION_INVALID_INPUT@job');
    },
  );

  provokes(
    'skills-video',
    'VIDEO_GENERATION_INVALID_INPUT@job',
    'a clip that cannot be fetched',
    async () => {
      const video_url = 'http://127.0.0.1:9/a.mp4';
      await failed('runwayml/gen4-aleph', { video_url }, 'VIDEO_GENERATION_INVALID_INPUT@job');
    },
  );

  provokes(
    'skills-video',
    'TTS_GENERATION_INVALID_INPUT@job',
    'a text that turns out not to be speakable',
    async () => {
      await failed(
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
      await refused(model, P, 'IMAGE_GENERATION_UNSUPPORTED_MODEL@400');
    await gateway.admin('PATCH', `/models/skills-video/${encodeURIComponent('z-image/z-image')}`, {
      status: 'inactive',
    });
    await refused('z-image/z-image', P, 'IMAGE_GENERATION_UNSUPPORTED_MODEL@400');
  });

  provokes('skills-video', 'VIDEO_GENERATION_UNSUPPORTED_MODEL@400', 'a pair that is none', async () => {
    for (const model of ['openai/veo-3.1', 'nobody/none', 'kling-ai/v3', 'google/veo-3.1/', 'luma/__proto__'])
      await refused(model, P, 'VIDEO_GENERATION_UNSUPPORTED_MODEL@400');
  });

  provokes(
    'skills-video',
    'TTS_GENERATION_UNSUPPORTED_MODEL@400',
    'a model that does not speak',
    async () => {
      await refused('minimax-tts/none', P, 'TTS_GENERATION_UNSUPPORTED_MODEL@400');
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

describe('INSUFFICIENT_CREDITS', () => {
  beforeEach(async () => {
    ann = await customer(gateway, { credit_usd: '0' });
  });

  provokes(
    'skills-video',
    'IMAGE_GENERATION_INSUFFICIENT_CREDITS@402',
    'less than one image costs',
    async () => {
      await refused(IMAGE, P, 'IMAGE_GENERATION_INSUFFICIENT_CREDITS@402');
    },
  );

  it('lets exactly one of two pass when only one is affordable', async () => {
    const bob = await customer(gateway, { credit_usd: '0.05' });
    const answers = await Promise.all([
      bob.call('POST', create(IMAGE), P),
      bob.call('POST', create(IMAGE), P),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 402]);
  });

  provokes('skills-video', 'VIDEO_GENERATION_INSUFFICIENT_CREDITS@402', '15 s with 10 credits', async () => {
    ann = await customer(gateway, { credit_usd: '0.10' });
    await refused(FILM, { ...P, duration: 15 }, 'VIDEO_GENERATION_INSUFFICIENT_CREDITS@402');
  });

  provokes(
    'skills-video',
    'TTS_GENERATION_INSUFFICIENT_CREDITS@402',
    'speech with nothing, but never synchronously',
    async () => {
      await refused(SPEECH, { text: 'x' }, 'TTS_GENERATION_INSUFFICIENT_CREDITS@402');
      expect((await ann.call('POST', SPEAK, SAY)).status).toBe(200);
    },
  );
});

describe('CONTENT_REJECTED', () => {
  provokes('skills-video', 'IMAGE_GENERATION_CONTENT_REJECTED@422', 'a word of the list', async () => {
    await refused(IMAGE, { prompt: 'a FORBIDDEN mug' }, 'IMAGE_GENERATION_CONTENT_REJECTED@422');
  });
  provokes('skills-video', 'VIDEO_GENERATION_CONTENT_REJECTED@422', 'a word of the list', async () => {
    await refused('google/veo-3.1', { prompt: 'forbidden' }, 'VIDEO_GENERATION_CONTENT_REJECTED@422');
  });
  provokes('skills-video', 'TTS_GENERATION_CONTENT_REJECTED@422', 'a word of the list', async () => {
    await refused(SPEECH, { text: 'forbidden' }, 'TTS_GENERATION_CONTENT_REJECTED@422');
    const said = await caller(gateway)('POST', SPEAK, { ...SAY, input: { text: 'forbidden' } });
    expectFault(said, 'TTS_GENERATION_CONTENT_REJECTED@422');
  });
  provokes('skills-video', 'IMAGE_GENERATION_CONTENT_REJECTED@job', 'the output is refused', async () => {
    await failed(
      IMAGE,
      { prompt: 'x [[sandbox error=content_rejected]]' },
      'IMAGE_GENERATION_CONTENT_REJECTED@job',
    );
  });
  provokes('skills-video', 'VIDEO_GENERATION_CONTENT_REJECTED@job', 'the output is refused', async () => {
    await failed('google/veo-3.1', P, 'VIDEO_GENERATION_CONTENT_REJECTED@job', 'error=content_rejected');
  });
  provokes('skills-video', 'TTS_GENERATION_CONTENT_REJECTED@job', 'the output is refused', async () => {
    await failed(SPEECH, { text: 'x' }, 'TTS_GENERATION_CONTENT_REJECTED@job', 'error=content_rejected');
    const said = await caller(gateway)('POST', SPEAK, SAY, steer('error=content_rejected'));
    expectFault(said, 'TTS_GENERATION_CONTENT_REJECTED@422');
  });
});

describe('RATE_LIMITED', () => {
  /** Fills the only place, then asks for one more. */
  async function crowd(model: string, body: object, row: string): Promise<void> {
    ann = await customer(gateway, { account: { limits: { concurrent: 1 } } });
    const first = idOf(await ann.call('POST', create(model), body, steer('delay=600s')));
    await started(gateway, first);
    for (const path of [create(model), stream(model)]) expectFault(await ann.call('POST', path, body), row);
    await gateway.admin('POST', `/generations/${first}/cancel`);
    expect((await ann.call('POST', create(model), body, steer('error=upstream_failed'))).status).toBe(202);
  }

  provokes(
    'skills-video',
    'IMAGE_GENERATION_RATE_LIMITED@429',
    'more at once than the workspace may',
    async () => {
      await crowd(IMAGE, P, 'IMAGE_GENERATION_RATE_LIMITED@429');
    },
  );
  provokes(
    'skills-video',
    'VIDEO_GENERATION_RATE_LIMITED@429',
    'more at once, or too many in a minute',
    async () => {
      await crowd(FILM, P, 'VIDEO_GENERATION_RATE_LIMITED@429');
      const bob = await customer(gateway, { key: { limits: { requests_per_minute: 1 } } });
      await bob.call('POST', create(FILM), P, steer('error=upstream_failed'));
      expectFault(await bob.call('POST', create(FILM), P), 'VIDEO_GENERATION_RATE_LIMITED@429');
    },
  );
  provokes(
    'skills-video',
    'TTS_GENERATION_RATE_LIMITED@429',
    'a burst beyond the limit, with and without a key',
    async () => {
      await crowd(SPEECH, { text: 'x' }, 'TTS_GENERATION_RATE_LIMITED@429');
      for (const call of [caller(gateway), (await customer(gateway)).call]) {
        const burst = await Promise.all(
          Array.from({ length: 25 }, () =>
            call('POST', SPEAK, SAY, steer('delay=1s error=content_rejected')),
          ),
        );
        const limited = burst.filter(({ status }) => status === 429);
        expect(limited.length).toBe(5);
        for (const answer of limited) expectFault(answer, 'TTS_GENERATION_RATE_LIMITED@429');
      }
    },
  );
  provokes(
    'skills-video',
    'IMAGE_GENERATION_RATE_LIMITED@job',
    'the backend is at its own limit',
    async () => {
      await failed(IMAGE, P, 'IMAGE_GENERATION_RATE_LIMITED@job', 'error=upstream_rate_limited');
    },
  );
  provokes(
    'skills-video',
    'VIDEO_GENERATION_RATE_LIMITED@job',
    'the backend is at its own limit',
    async () => {
      await failed(FILM, P, 'VIDEO_GENERATION_RATE_LIMITED@job', 'error=upstream_rate_limited');
    },
  );
  provokes('skills-video', 'TTS_GENERATION_RATE_LIMITED@job', 'the backend is at its own limit', async () => {
    await failed(SPEECH, { text: 'x' }, 'TTS_GENERATION_RATE_LIMITED@job', 'error=upstream_rate_limited');
  });
  provokes('skills-video', 'RATE_LIMITED@429', 'too many reads', async () => {
    const bob = await customer(gateway, { key: { limits: { reads_per_minute: 1 } } });
    expect((await bob.call('GET', '/api/v1/credits')).status).toBe(200);
    for (const path of ['/api/v1/credits', '/api/v1/generation/gen_nope', '/api/v1/models'])
      expectFault(await bob.call('GET', path), 'RATE_LIMITED@429');
    expect((await bob.call('POST', create(IMAGE), P)).status).toBe(202);
  });
});

describe('PROVIDER_UNAVAILABLE', () => {
  const down = { point: 'provider', effect: 'down', times: 2 };

  provokes(
    'skills-video',
    'IMAGE_GENERATION_PROVIDER_UNAVAILABLE@503',
    'down before the request',
    async () => {
      await fault(down);
      await refused(IMAGE, P, 'IMAGE_GENERATION_PROVIDER_UNAVAILABLE@503');
    },
  );
  provokes(
    'skills-video',
    'VIDEO_GENERATION_PROVIDER_UNAVAILABLE@503',
    'nothing to run it, or paused',
    async () => {
      const model = `/models/skills-video/${encodeURIComponent('luma/ray-2-flash')}`;
      for (const patch of [{ routes: [] }, { routes: null, status: 'paused' }]) {
        await gateway.admin('PATCH', model, patch);
        await refused('luma/ray-2-flash', P, 'VIDEO_GENERATION_PROVIDER_UNAVAILABLE@503');
      }
    },
  );
  provokes(
    'skills-video',
    'TTS_GENERATION_PROVIDER_UNAVAILABLE@503',
    'the speech backend does not listen',
    async () => {
      await fault(down);
      await refused(SPEECH, { text: 'x' }, 'TTS_GENERATION_PROVIDER_UNAVAILABLE@503');
      await fault({ ...down, times: 1 });
      expectFault(await caller(gateway)('POST', SPEAK, SAY), 'TTS_GENERATION_PROVIDER_UNAVAILABLE@503');
      const lost = await caller(gateway)('POST', SPEAK, SAY, steer('error=upstream_unavailable'));
      expectFault(lost, 'TTS_GENERATION_PROVIDER_UNAVAILABLE@503');
    },
  );
  provokes('skills-video', 'IMAGE_GENERATION_PROVIDER_UNAVAILABLE@job', 'lost while it waited', async () => {
    await failed(IMAGE, P, 'IMAGE_GENERATION_PROVIDER_UNAVAILABLE@job', 'error=upstream_unavailable');
  });
  provokes('skills-video', 'VIDEO_GENERATION_PROVIDER_UNAVAILABLE@job', 'lost while it waited', async () => {
    await failed(FILM, P, 'VIDEO_GENERATION_PROVIDER_UNAVAILABLE@job', 'error=upstream_unavailable');
  });
  provokes('skills-video', 'TTS_GENERATION_PROVIDER_UNAVAILABLE@job', 'lost while it waited', async () => {
    await failed(
      SPEECH,
      { text: 'x' },
      'TTS_GENERATION_PROVIDER_UNAVAILABLE@job',
      'error=upstream_unavailable',
    );
  });
});

describe('TIMEOUT', () => {
  provokes('skills-video', 'IMAGE_GENERATION_TIMEOUT@job', 'a time limit below what it takes', async () => {
    await failed('google/nano-banana', P, 'IMAGE_GENERATION_TIMEOUT@job', 'delay=60s');
  });
  provokes('skills-video', 'VIDEO_GENERATION_TIMEOUT@job', 'a time limit below what it takes', async () => {
    await failed('luma/ray-2', P, 'VIDEO_GENERATION_TIMEOUT@job', 'delay=60s');
    await failed(FILM, { prompt: 'x [[sandbox error=upstream_timeout]]' }, 'VIDEO_GENERATION_TIMEOUT@job');
  });
  provokes('skills-video', 'TTS_GENERATION_TIMEOUT@job', 'the backend takes too long', async () => {
    await failed(SPEECH, { text: 'x' }, 'TTS_GENERATION_TIMEOUT@job', 'error=upstream_timeout');
  });
  provokes('skills-video', 'TTS_GENERATION_TIMEOUT@504', 'the caller waits for it', async () => {
    const said = await caller(gateway)('POST', SPEAK, SAY, steer('error=upstream_timeout'));
    expectFault(said, 'TTS_GENERATION_TIMEOUT@504');
  });
  provokes('skills-video', 'IMAGE_GENERATION_TIMEOUT@504', 'told at submission', async () => {
    await refused(IMAGE, P, 'IMAGE_GENERATION_TIMEOUT@504', steer('error=upstream_timeout at=admit'));
  });
  provokes('skills-video', 'VIDEO_GENERATION_TIMEOUT@504', 'told at submission', async () => {
    await refused(FILM, P, 'VIDEO_GENERATION_TIMEOUT@504', steer('error=upstream_timeout at=admit'));
  });
});

describe('FAILED', () => {
  provokes('skills-video', 'IMAGE_GENERATION_FAILED@job', 'it throws, or makes nothing usable', async () => {
    for (const steering of ['error=upstream_failed', 'result=empty', 'result=garbage', 'drop=after_accept'])
      await failed(IMAGE, P, 'IMAGE_GENERATION_FAILED@job', steering);
    await fault({ point: 'assets.write', effect: 'error', times: 20 });
    await failed(IMAGE, P, 'IMAGE_GENERATION_FAILED@job');
    await gateway.admin('DELETE', '/faults');
  });
  provokes(
    'skills-video',
    'IMAGE_GENERATION_FAILED@job',
    'an input with a sound header and broken pixels',
    async () => {
      const url = await serve(brokenPixels());
      await failed(IMAGE, { ...P, image_urls: [url] }, 'IMAGE_GENERATION_FAILED@job');
      const noPicture = await serve(Buffer.from('plain text'));
      await failed(IMAGE, { ...P, image_urls: [noPicture] }, 'IMAGE_GENERATION_INVALID_INPUT@job');
      ann = await customer(gateway);
      const form = new FormData();
      form.append('prompt', 'x');
      form.append('image_urls', new Blob([brokenPixels()]), 'a.png');
      await refused(IMAGE, form, 'IMAGE_GENERATION_INVALID_INPUT@400');
    },
  );
  provokes('skills-video', 'VIDEO_GENERATION_FAILED@job', 'it dies under way', async () => {
    await failed(FILM, P, 'VIDEO_GENERATION_FAILED@job', 'error=upstream_failed');
  });
  provokes('skills-video', 'TTS_GENERATION_FAILED@job', 'no sound', async () => {
    await failed(SPEECH, { text: 'x' }, 'TTS_GENERATION_FAILED@job', 'result=empty');
  });
  provokes('skills-video', 'TTS_GENERATION_FAILED@502', 'no sound while the caller waits', async () => {
    for (const result of ['empty', 'garbage'])
      expectFault(
        await caller(gateway)('POST', SPEAK, SAY, steer(`result=${result}`)),
        'TTS_GENERATION_FAILED@502',
      );
  });
  provokes('skills-video', 'IMAGE_GENERATION_FAILED@502', 'told at submission', async () => {
    await refused(IMAGE, P, 'IMAGE_GENERATION_FAILED@502', steer('error=upstream_failed at=admit'));
  });
  provokes('skills-video', 'VIDEO_GENERATION_FAILED@502', 'told at submission', async () => {
    await refused(FILM, P, 'VIDEO_GENERATION_FAILED@502', steer('result=garbage at=admit'));
  });
});

describe('the rest', () => {
  const reads: readonly (readonly [string, string, unknown?])[] = [
    ['GET', '/api/v1/generation/gen_nope'],
    ['GET', '/api/v1/credits'],
    ['GET', '/api/v1/models'],
    ['POST', create(IMAGE), P],
    ['POST', stream(FILM), P],
  ];

  provokes('skills-video', 'UNAUTHORIZED@401', 'no key, or no good one', async () => {
    const revoked = await customer(gateway);
    await gateway.admin('PATCH', `/keys/${revoked.key.id}`, { status: 'revoked' });
    const other = await gateway.customer({ dialect: 'kiara' });
    for (const authorization of [
      undefined,
      '',
      'Basic eDp5',
      `Bearer ${revoked.key.key}`,
      `Bearer ${other.key.key}`,
      'Bearer sk_unknown',
      `bearer${ann.key.key}`,
    ]) {
      const headers = authorization === undefined ? {} : { authorization };
      for (const [method, path, body] of reads)
        expectFault(await caller(gateway)(method, path, body, headers), 'UNAUTHORIZED@401');
      if (authorization !== undefined)
        expectFault(await caller(gateway)('POST', SPEAK, SAY, headers), 'UNAUTHORIZED@401');
    }
  });

  provokes('skills-video', 'FORBIDDEN@403', 'the Free plan, and what is paused or not allowed', async () => {
    const free = await customer(gateway, { account: { plan: 'free' } });
    const far = await customer(gateway, { key: { allowed_ips: ['203.0.113.7'] } });
    const paused = await customer(gateway);
    await gateway.admin('PATCH', `/accounts/${paused.id}`, { status: 'paused' });
    for (const { call } of [free, far, paused])
      for (const [method, path, body] of [...reads, ['POST', SPEAK, SAY] as const])
        expectFault(await call(method, path, body), 'FORBIDDEN@403');
  });

  provokes('skills-video', 'NOT_FOUND@404', 'unknown tasks, routes and methods', async () => {
    const bob = await customer(gateway);
    const foreign = idOf(await bob.call('POST', create(IMAGE), P));
    for (const id of ['gen_nope', foreign, '%00', 'x'.repeat(400)])
      expectFault(await ann.call('GET', `/api/v1/generation/${id}`), 'NOT_FOUND@404');
    const nowhere: readonly (readonly [string, string])[] = [
      ['DELETE', '/api/v1/generation/x'],
      ['POST', '/api/v1/generation/x'],
      ['POST', '/api/v1/generation/sse/x'],
      ['GET', create(FILM)],
      ['GET', SPEAK],
      ['PUT', '/api/v1/credits'],
      ['GET', '/'],
      ['GET', ''],
      ['GET', '/api/v1/generation'],
      ['GET', '/api/v1/%ff'],
      ['GET', '/files/a/b/c'],
    ];
    for (const call of [ann.call, caller(gateway)])
      for (const [method, path] of nowhere) expectFault(await call(method, path), 'NOT_FOUND@404');
  });

  provokes('skills-video', 'INTERNAL_SERVER_ERROR@500', 'the store cannot be written, or read', async () => {
    for (const point of ['store.write', 'ledger']) {
      await fault({ point, effect: 'error', times: 2 });
      await refused(IMAGE, P, 'INTERNAL_SERVER_ERROR@500');
    }
    await fault({ point: 'store.write', effect: 'error' });
    expectFault(await caller(gateway)('POST', SPEAK, SAY), 'INTERNAL_SERVER_ERROR@500');
    await fault({ point: 'store.read', effect: 'error' });
    expectFault(await ann.call('GET', '/api/v1/generation/gen_x'), 'INTERNAL_SERVER_ERROR@500');
    await fault({ point: 'limiter', effect: 'down' });
    expectFault(await ann.call('GET', '/api/v1/credits'), 'INTERNAL_SERVER_ERROR@500');
  });

  it('is told in its own shape where no request was, too', async () => {
    const { connect } = await import('node:net');
    const { port } = new URL(gateway.url);
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /skills-video/x HTTP/9.9\r\n\r\n'),
      );
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"VIDEO_GENERATION_INVALID_INPUT"');
  });
});
