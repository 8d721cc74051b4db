import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { listen } from '../../testing/listen.ts';
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
  PIXEL,
  SAY,
  SPEAK,
  SPEECH,
  steer,
} from './testing.ts';

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

/** A PNG with complete chunks but broken pixels: one byte of the compressed data is changed. */
function brokenPixels(): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(PIXEL);
  const at = PIXEL.indexOf('IDAT') + 6;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  return bytes;
}

/** Serves these bytes and returns their URL. */
async function serve(bytes: Uint8Array): Promise<string> {
  const server = createServer((_request, response) => response.end(bytes));
  servers.push(server);
  return `${await listen(server)}/picture.png`;
}

const fault = (body: object) => gateway.admin('POST', '/faults', body);

describe('CONTENT_REJECTED', () => {
  provokes('skills-video', 'IMAGE_GENERATION_CONTENT_REJECTED@422', 'a word of the list', async () => {
    await expectRefused(
      gateway,
      ann,
      IMAGE,
      { prompt: 'a FORBIDDEN mug' },
      'IMAGE_GENERATION_CONTENT_REJECTED@422',
    );
  });
  provokes('skills-video', 'VIDEO_GENERATION_CONTENT_REJECTED@422', 'a word of the list', async () => {
    await expectRefused(
      gateway,
      ann,
      'google/veo-3.1',
      { prompt: 'forbidden' },
      'VIDEO_GENERATION_CONTENT_REJECTED@422',
    );
  });
  provokes('skills-video', 'TTS_GENERATION_CONTENT_REJECTED@422', 'a word of the list', async () => {
    await expectRefused(gateway, ann, SPEECH, { text: 'forbidden' }, 'TTS_GENERATION_CONTENT_REJECTED@422');
    const said = await caller(gateway)('POST', SPEAK, { ...SAY, input: { text: 'forbidden' } });
    expectFault(said, 'TTS_GENERATION_CONTENT_REJECTED@422');
  });
  provokes('skills-video', 'IMAGE_GENERATION_CONTENT_REJECTED@job', 'the output is refused', async () => {
    await expectToFail(
      gateway,
      ann,
      IMAGE,
      { prompt: 'x [[sandbox error=content_rejected]]' },
      'IMAGE_GENERATION_CONTENT_REJECTED@job',
    );
  });
  provokes('skills-video', 'VIDEO_GENERATION_CONTENT_REJECTED@job', 'the output is refused', async () => {
    await expectToFail(
      gateway,
      ann,
      'google/veo-3.1',
      P,
      'VIDEO_GENERATION_CONTENT_REJECTED@job',
      'error=content_rejected',
    );
  });
  provokes('skills-video', 'TTS_GENERATION_CONTENT_REJECTED@job', 'the output is refused', async () => {
    await expectToFail(
      gateway,
      ann,
      SPEECH,
      { text: 'x' },
      'TTS_GENERATION_CONTENT_REJECTED@job',
      'error=content_rejected',
    );
    const said = await caller(gateway)('POST', SPEAK, SAY, steer('error=content_rejected'));
    expectFault(said, 'TTS_GENERATION_CONTENT_REJECTED@422');
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
      await expectRefused(gateway, ann, IMAGE, P, 'IMAGE_GENERATION_PROVIDER_UNAVAILABLE@503');
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
        await expectRefused(gateway, ann, 'luma/ray-2-flash', P, 'VIDEO_GENERATION_PROVIDER_UNAVAILABLE@503');
      }
    },
  );
  provokes(
    'skills-video',
    'TTS_GENERATION_PROVIDER_UNAVAILABLE@503',
    'the speech backend does not listen',
    async () => {
      await fault(down);
      await expectRefused(gateway, ann, SPEECH, { text: 'x' }, 'TTS_GENERATION_PROVIDER_UNAVAILABLE@503');
      await fault({ ...down, times: 1 });
      expectFault(await caller(gateway)('POST', SPEAK, SAY), 'TTS_GENERATION_PROVIDER_UNAVAILABLE@503');
      const lost = await caller(gateway)('POST', SPEAK, SAY, steer('error=upstream_unavailable'));
      expectFault(lost, 'TTS_GENERATION_PROVIDER_UNAVAILABLE@503');
    },
  );
  provokes('skills-video', 'IMAGE_GENERATION_PROVIDER_UNAVAILABLE@job', 'lost while it waited', async () => {
    await expectToFail(
      gateway,
      ann,
      IMAGE,
      P,
      'IMAGE_GENERATION_PROVIDER_UNAVAILABLE@job',
      'error=upstream_unavailable',
    );
  });
  provokes('skills-video', 'VIDEO_GENERATION_PROVIDER_UNAVAILABLE@job', 'lost while it waited', async () => {
    await expectToFail(
      gateway,
      ann,
      FILM,
      P,
      'VIDEO_GENERATION_PROVIDER_UNAVAILABLE@job',
      'error=upstream_unavailable',
    );
  });
  provokes('skills-video', 'TTS_GENERATION_PROVIDER_UNAVAILABLE@job', 'lost while it waited', async () => {
    await expectToFail(
      gateway,
      ann,
      SPEECH,
      { text: 'x' },
      'TTS_GENERATION_PROVIDER_UNAVAILABLE@job',
      'error=upstream_unavailable',
    );
  });
});

describe('TIMEOUT', () => {
  provokes('skills-video', 'IMAGE_GENERATION_TIMEOUT@job', 'a time limit below what it takes', async () => {
    await expectToFail(gateway, ann, 'google/nano-banana', P, 'IMAGE_GENERATION_TIMEOUT@job', 'delay=60s');
  });
  provokes('skills-video', 'VIDEO_GENERATION_TIMEOUT@job', 'a time limit below what it takes', async () => {
    await expectToFail(gateway, ann, 'luma/ray-2', P, 'VIDEO_GENERATION_TIMEOUT@job', 'delay=60s');
    await expectToFail(
      gateway,
      ann,
      FILM,
      { prompt: 'x [[sandbox error=upstream_timeout]]' },
      'VIDEO_GENERATION_TIMEOUT@job',
    );
  });
  provokes('skills-video', 'TTS_GENERATION_TIMEOUT@job', 'the backend takes too long', async () => {
    await expectToFail(
      gateway,
      ann,
      SPEECH,
      { text: 'x' },
      'TTS_GENERATION_TIMEOUT@job',
      'error=upstream_timeout',
    );
  });
  provokes('skills-video', 'TTS_GENERATION_TIMEOUT@504', 'the caller waits for it', async () => {
    const said = await caller(gateway)('POST', SPEAK, SAY, steer('error=upstream_timeout'));
    expectFault(said, 'TTS_GENERATION_TIMEOUT@504');
  });
  provokes('skills-video', 'IMAGE_GENERATION_TIMEOUT@504', 'told at submission', async () => {
    await expectRefused(
      gateway,
      ann,
      IMAGE,
      P,
      'IMAGE_GENERATION_TIMEOUT@504',
      steer('error=upstream_timeout at=admit'),
    );
  });
  provokes('skills-video', 'VIDEO_GENERATION_TIMEOUT@504', 'told at submission', async () => {
    await expectRefused(
      gateway,
      ann,
      FILM,
      P,
      'VIDEO_GENERATION_TIMEOUT@504',
      steer('error=upstream_timeout at=admit'),
    );
  });
});

describe('FAILED', () => {
  provokes('skills-video', 'IMAGE_GENERATION_FAILED@job', 'it throws, or makes nothing usable', async () => {
    for (const steering of ['error=upstream_failed', 'result=empty', 'result=garbage', 'drop=after_accept'])
      await expectToFail(gateway, ann, IMAGE, P, 'IMAGE_GENERATION_FAILED@job', steering);
    await fault({ point: 'assets.write', effect: 'error', times: 20 });
    await expectToFail(gateway, ann, IMAGE, P, 'IMAGE_GENERATION_FAILED@job');
    await gateway.admin('DELETE', '/faults');
  });
  provokes(
    'skills-video',
    'IMAGE_GENERATION_FAILED@job',
    'an input with a sound header and broken pixels',
    async () => {
      const url = await serve(brokenPixels());
      await expectToFail(gateway, ann, IMAGE, { ...P, image_urls: [url] }, 'IMAGE_GENERATION_FAILED@job');
      const noPicture = await serve(Buffer.from('plain text'));
      await expectToFail(
        gateway,
        ann,
        IMAGE,
        { ...P, image_urls: [noPicture] },
        'IMAGE_GENERATION_INVALID_INPUT@job',
      );
      ann = await customer(gateway);
      const form = new FormData();
      form.append('prompt', 'x');
      form.append('image_urls', new Blob([brokenPixels()]), 'a.png');
      await expectRefused(gateway, ann, IMAGE, form, 'IMAGE_GENERATION_INVALID_INPUT@400');
    },
  );
  provokes('skills-video', 'VIDEO_GENERATION_FAILED@job', 'it dies under way', async () => {
    await expectToFail(gateway, ann, FILM, P, 'VIDEO_GENERATION_FAILED@job', 'error=upstream_failed');
  });
  provokes('skills-video', 'TTS_GENERATION_FAILED@job', 'no sound', async () => {
    await expectToFail(gateway, ann, SPEECH, { text: 'x' }, 'TTS_GENERATION_FAILED@job', 'result=empty');
  });
  provokes('skills-video', 'TTS_GENERATION_FAILED@502', 'no sound while the caller waits', async () => {
    for (const result of ['empty', 'garbage'])
      expectFault(
        await caller(gateway)('POST', SPEAK, SAY, steer(`result=${result}`)),
        'TTS_GENERATION_FAILED@502',
      );
  });
  provokes('skills-video', 'IMAGE_GENERATION_FAILED@502', 'told at submission', async () => {
    await expectRefused(
      gateway,
      ann,
      IMAGE,
      P,
      'IMAGE_GENERATION_FAILED@502',
      steer('error=upstream_failed at=admit'),
    );
  });
  provokes('skills-video', 'VIDEO_GENERATION_FAILED@502', 'told at submission', async () => {
    await expectRefused(
      gateway,
      ann,
      FILM,
      P,
      'VIDEO_GENERATION_FAILED@502',
      steer('result=garbage at=admit'),
    );
  });
});
