import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  balanceOf,
  type Call,
  customer,
  ended,
  expectFault,
  IMG,
  idOf,
  type MediaServer,
  movesOf,
  SONG,
  serveMedia,
  VID,
  withModel,
} from './testing.ts';

let gateway: TestGateway;
let media: MediaServer;
let call: Call;
beforeAll(async () => {
  [gateway, media] = await Promise.all([startTestGateway(), serveMedia()]);
  call = (await customer(gateway)).call;
});
afterAll(async () => {
  media.close();
  await gateway.close();
});

const ROUTES = ['/v1/predict', '/v1/predictions'];
const steered = (steering: string) => ({ 'genlock-sandbox': steering });
const LIP = (video: unknown) => ({ model: 'lipfusion', input: { video } });

async function fault(point: string, effect: string): Promise<void> {
  await gateway.admin('POST', '/faults', { point, effect });
}

describe.each(ROUTES)('POST %s', (path) => {
  provokes('skytells', 'INVALID_REQUEST@400', 'a body that cannot be read', async () => {
    for (const body of ['{"model":', '', '[]', '"x"', 'null', Buffer.from([0x7b, 0xff, 0x7d])])
      expectFault(await call('POST', path, body), 'INVALID_REQUEST@400');
    expectFault(await call('POST', path, '{}', { 'content-type': 'text/plain' }), 'INVALID_REQUEST@400');
    const huge = JSON.stringify({ ...IMG, more: 'x'.repeat(300_000) });
    expectFault(await call('POST', path, huge), 'INVALID_REQUEST@400');
  });

  provokes('skytells', 'VALIDATION_ERROR@422', 'no model, no input, or none of their kind', async () => {
    for (const [body, field] of [
      [{}, 'model'],
      [{ input: IMG.input }, 'model'],
      [{ model: 'truefusion' }, 'input'],
      [{ model: null, input: {} }, 'model'],
      [{ model: 'truefusion', input: null }, 'input'],
      [{ model: 7, input: {} }, 'model'],
      [{ model: '', input: {} }, 'model'],
      [{ model: 'truefusion', input: [] }, 'input'],
      [{ model: 'truefusion', input: 'x' }, 'input'],
      [{ model: 'truefusion', input: {} }, 'prompt'],
      [{ ...SONG, input: {} }, 'lyrics'],
    ] as const) {
      const answer = await call('POST', path, body);
      expectFault(answer, 'VALIDATION_ERROR@422', expect.stringContaining(field));
      const { message, details } = answer.json.error as { message: string; details: string };
      expect([answer.json.response, details]).toEqual([message, message]);
    }
  });

  provokes('skytells', 'MODEL_NOT_FOUND@404', 'an unknown slug', async () => {
    for (const model of ['no-such-model', 'other/truefusion', '__proto__', 'constructor'])
      expectFault(await call('POST', path, { ...IMG, model }), 'MODEL_NOT_FOUND@404');
  });

  provokes('skytells', 'MODEL_NOT_ACTIVE@403', 'a model that is switched off', async () => {
    for (const status of ['inactive', 'paused'])
      await withModel(gateway, 'truefusion', { status }, async () =>
        expectFault(await call('POST', path, IMG), 'MODEL_NOT_ACTIVE@403'),
      );
  });

  provokes('skytells', 'MODEL_NOT_BILLABLE@403', 'a model that may not be billed', () =>
    withModel(gateway, 'truefusion', { billable: false }, async () =>
      expectFault(await call('POST', path, IMG), 'MODEL_NOT_BILLABLE@403'),
    ),
  );

  provokes('skytells', 'MODEL_NOT_SUPPORTED@422', 'a text model', async () => {
    for (const model of ['deepbrain-router', 'skytells-embed-3-large'])
      expectFault(await call('POST', path, { model, input: { prompt: 'x' } }), 'MODEL_NOT_SUPPORTED@422');
  });

  provokes('skytells', 'INVALID_PARAMETER_COMBINATION@400', 'inputs that exclude each other', async () => {
    const input = { prompt: 'x', aspect_ratio: '16:9', width: 512, height: 512 };
    const row = 'INVALID_PARAMETER_COMBINATION@400';
    expectFault(await call('POST', path, { ...IMG, input }), row, { parameter: 'width' });
    expectFault(await call('POST', path, { ...IMG, await: true, stream: true }), row, {
      parameter: 'stream',
    });
    await withModel(gateway, 'truefusion', { exclusive: [['seed', 'guidance']] }, async () => {
      expect((await call('POST', path, { ...IMG, input })).status).toBe(200);
      const pair = { ...IMG.input, seed: 1, guidance: 2 };
      expectFault(await call('POST', path, { ...IMG, input: pair }), row);
    });
  });

  provokes('skytells', 'PARAMETER_NOT_ALLOWED@403', 'an Enterprise input on a lower plan', async () => {
    const body = { ...VID, input: { ...VID.input, watermark: false } };
    expectFault(await call('POST', path, body), 'PARAMETER_NOT_ALLOWED@403', { parameter: 'watermark' });
    await withModel(gateway, 'truefusion-video', { enterprise_only: ['seed'] }, async () => {
      const seeded = { ...VID, input: { ...VID.input, seed: 1 } };
      expectFault(await call('POST', path, seeded), 'PARAMETER_NOT_ALLOWED@403', { parameter: 'seed' });
    });
  });

  provokes('skytells', 'INPUT_FIELD_MISSING@500', 'a model that nobody told where its source is', () =>
    withModel(gateway, 'lipfusion', { input_field: null }, async () =>
      expectFault(await call('POST', path, LIP(`${media.url}/4.mp4`)), 'INPUT_FIELD_MISSING@500'),
    ),
  );

  provokes('skytells', 'ASSET_URL_REQUIRED@422', 'no source, or none that is a URL', async () => {
    for (const video of [undefined, null, 7, '', 'clip.mp4', {}])
      expectFault(await call('POST', path, LIP(video)), 'ASSET_URL_REQUIRED@422', { parameter: 'video' });
    await withModel(gateway, 'lipfusion', { input_field: 'clip' }, async () =>
      expectFault(await call('POST', path, LIP(`${media.url}/4.mp4`)), 'ASSET_URL_REQUIRED@422'),
    );
  });

  provokes(
    'skytells',
    'FAILED_TO_CALCULATE_VIDEO_DURATION@422',
    'a source that is no whole clip',
    async () => {
      for (const file of ['nowhere.mp4', 'text.mp4', 'cut.mp4'])
        expectFault(
          await call('POST', path, LIP(`${media.url}/${file}`)),
          'FAILED_TO_CALCULATE_VIDEO_DURATION@422',
          { parameter: 'video' },
        );
    },
  );

  provokes('skytells', 'VIDEO_DURATION_LESS_THAN_4_SECONDS@422', 'a source of 3.9 seconds', async () => {
    const row = 'VIDEO_DURATION_LESS_THAN_4_SECONDS@422';
    expectFault(await call('POST', path, LIP(`${media.url}/3.9.mp4`)), row);
  });

  provokes('skytells', 'INSUFFICIENT_CREDITS@402', 'a balance below the price', async () => {
    const poor = await customer(gateway, { credit_usd: '0.02' });
    expectFault(await poor.call('POST', path, IMG), 'INSUFFICIENT_CREDITS@402');
    expect(await movesOf(gateway, poor.id)).toEqual([]);
  });

  provokes('skytells', 'PAYMENT_REQUIRED@402', 'no means of payment', async () => {
    const answer = await call('POST', path, IMG, steered('error=payment_required at=admit'));
    expectFault(answer, 'PAYMENT_REQUIRED@402');
  });

  provokes('skytells', 'PREDICTION_ERROR@503', 'nothing to run the model', () =>
    withModel(gateway, 'truefusion', { routes: [] }, async () =>
      expectFault(await call('POST', path, IMG), 'PREDICTION_ERROR@503'),
    ),
  );

  provokes('skytells', 'CREDITS_DEDUCTION_FAILED@500', 'a ledger that refuses', async () => {
    await fault('ledger', 'error');
    expectFault(await call('POST', path, IMG), 'CREDITS_DEDUCTION_FAILED@500');
  });

  provokes('skytells', 'PREDICTION_FAILED@500', 'a clip or song of an unexpected structure', async () => {
    for (const body of [VID, SONG]) {
      for (const result of ['garbage', 'empty']) {
        const answer = await call('POST', path, body, steered(`result=${result} at=admit`));
        expectFault(answer, 'PREDICTION_FAILED@500');
      }
    }
    await fault('provider', 'garbage');
    expectFault(await call('POST', path, VID), 'PREDICTION_FAILED@500');
  });

  for (const [row, code] of [
    ['PREDICTION_FAILED@502', 'upstream_failed'],
    ['INFERENCE_TIMEOUT@502', 'upstream_timeout'],
    ['SERVICE_UNAVAILABLE@502', 'upstream_unavailable'],
    ['SERVICE_UNAVAILABLE@502', 'upstream_rate_limited'],
    ['INFERENCE_ERROR@502', 'outcome_unknown'],
  ] as const) {
    it(`tells ${code} while the request is open as ${row}, and charges nothing`, async () => {
      const { id, call: mine } = await customer(gateway, { credit_usd: '1' });
      for (const body of [IMG, VID, SONG])
        expectFault(await mine('POST', path, body, steered(`error=${code} at=admit`)), row);
      const body = { ...IMG, await: true };
      expectFault(await mine('POST', path, body, steered(`error=${code}`)), row);
      expect(await movesOf(gateway, id)).toEqual(['hold 0.03', 'release 0.03']);
      expect(await balanceOf(gateway, id)).toEqual({ available_usd: '1', held_usd: '0' });
    });
  }

  provokes('skytells', 'SERVICE_UNAVAILABLE@502', 'a provider that is down', async () => {
    await fault('provider', 'down');
    expectFault(await call('POST', path, IMG), 'SERVICE_UNAVAILABLE@502');
  });

  provokes('skytells', 'PREDICTION_FAILED@502', 'a picture of an unexpected structure', async () => {
    const answer = await call('POST', path, IMG, steered('result=garbage at=admit'));
    expectFault(answer, 'PREDICTION_FAILED@502');
  });

  provokes('skytells', 'INVALID_INPUT@422', 'an input that the serving refuses at once', async () => {
    for (const code of ['content_rejected', 'invalid_media', 'media_too_large'])
      expectFault(await call('POST', path, IMG, steered(`error=${code} at=admit`)), 'INVALID_INPUT@422');
  });

  provokes('skytells', 'INTERNAL_ERROR@500', 'a store that cannot write', async () => {
    await fault('store.write', 'error');
    expectFault(await call('POST', path, IMG), 'INTERNAL_ERROR@500');
  });

  provokes('skytells', 'RATE_LIMIT_EXCEEDED@429', 'one job in flight too many', async () => {
    const { call: mine } = await customer(gateway, { limits: { concurrent: 1 } });
    const slow = steered('delay=60s');
    const first = await mine('POST', path, IMG, slow);
    const details = { scope: 'concurrency', model: 'truefusion', limit: 1, window: 60 };
    expectFault(await mine('POST', path, IMG, slow), 'RATE_LIMIT_EXCEEDED@429', details);
    // Slots are counted separately for each model, and an end frees its slot.
    const other = await mine('POST', path, { ...IMG, model: 'truefusion-edge' }, slow);
    await mine('POST', `/v1/predictions/${idOf(first)}/cancel`);
    const next = await mine('POST', path, IMG, slow);
    expect([other.status, next.status]).toEqual([200, 200]);
    for (const { json } of [other, next]) await mine('DELETE', `/v1/predictions/${json.id}`);
  });
});

describe('a bad value', () => {
  it.each([
    [{ ...IMG, await: 'yes' }, 'await'],
    [{ ...IMG, wait: 1 }, 'wait'],
    [{ ...IMG, stream: 'no' }, 'stream'],
    [{ ...IMG, input: { ...IMG.input, width: 63 } }, 'width'],
    [{ ...IMG, input: { ...IMG.input, width: 64.5 } }, 'width'],
    [{ ...IMG, input: { ...IMG.input, width: '64' } }, 'width'],
    [{ ...IMG, input: { ...IMG.input, num_outputs: 5 } }, 'num_outputs'],
    [{ ...IMG, input: { ...IMG.input, prompt: '  ' } }, 'prompt'],
    [{ ...IMG, input: { ...IMG.input, prompt: 'x'.repeat(4001) } }, 'prompt'],
    [{ ...IMG, input: { prompt: 'x', aspect_ratio: '2:1' } }, 'aspect_ratio'],
    [{ ...IMG, input: { ...IMG.input, image: 'http://example.com/x.png' } }, 'image'],
    [{ ...VID, input: { ...VID.input, seconds: 2 } }, 'seconds'],
    [{ ...VID, input: { ...VID.input, fps: 61 } }, 'fps'],
    [{ ...SONG, input: { lyrics: 'x'.repeat(3501) } }, 'lyrics'],
    [{ ...SONG, input: { ...SONG.input, sample_rate: 8000 } }, 'sample_rate'],
    [{ ...SONG, input: { ...SONG.input, audio_format: 'ogg' } }, 'audio_format'],
    [{ ...IMG, webhook: 7 }, 'webhook'],
    [{ ...IMG, webhook: 'nowhere' }, 'webhook'],
    [{ ...IMG, webhook: { url: 'http://example.com/h', events: [] } }, 'webhook.url'],
    [{ ...IMG, webhook: { url: 'https://10.0.0.1/h', events: [] } }, 'webhook.url'],
    [{ ...IMG, webhook: { url: 'https://example.com/h' } }, 'webhook.events'],
    [{ ...IMG, webhook: { url: 'https://example.com/h', events: 'failed' } }, 'webhook.events'],
    [{ ...IMG, webhook: { url: 'https://example.com/h', events: [1] } }, 'webhook.events'],
    [{ ...IMG, webhook: 'https://example.com/h', webhook_events_filter: {} }, 'webhook_events_filter'],
    [{ ...IMG, webhook: { events: ['failed'], url: 5 } }, 'webhook.url'],
  ])('is refused by its name: %j', async (body, name) => {
    expectFault(
      await call('POST', '/v1/predict', body),
      'VALIDATION_ERROR@422',
      expect.stringContaining(name),
    );
  });

  it('is refused where it is a directive that nobody knows', async () => {
    expectFault(await call('POST', '/v1/predict', IMG, steered('errr=x')), 'VALIDATION_ERROR@422');
  });
});

describe('a clip to work on', () => {
  it('may be four seconds, not more than two minutes long', async () => {
    const four = await call('POST', '/v1/predict', LIP(`${media.url}/4.mp4`));
    expect(four.status).toBe(200);
    await call('DELETE', `/v1/predictions/${idOf(four)}`);
  });
});

describe('a job that was taken on', () => {
  provokes('skytells', 'PREDICTION_FAILED@job', 'its model refuses or makes nothing usable', async () => {
    for (const [steering, text] of [
      ['error=content_rejected', 'NSFW content detected.'],
      ['result=garbage', 'Failed to generate image.'],
      ['result=empty', 'Failed to generate image.'],
      ['error=invalid_media', 'A media file could not be decoded.'],
    ] as const) {
      const { id: account, call: mine } = await customer(gateway, { credit_usd: '1' });
      const id = idOf(await mine('POST', '/v1/predict', IMG, steered(steering)));
      const { status, json } = await ended(gateway, mine, id);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        id,
        status: 'failed',
        error: text,
        response: text,
        output: null,
        model: 'truefusion',
        type: 'inference',
        metrics: { predict_time: expect.any(Number), total_time: expect.any(Number) },
        metadata: { billing: { credits_used: 0 }, data_available: false },
        urls: { get: expect.stringContaining(id) },
      });
      expect(await movesOf(gateway, account)).toEqual(['hold 0.03', 'release 0.03']);
    }
  });

  it('is refused by the word list while it runs', async () => {
    const strict = await startTestGateway({ config: 'moderation:\n  words: [forbidden]\n' });
    const { call: mine } = await customer(strict);
    const created = await mine('POST', '/v1/predict', {
      ...IMG,
      input: { ...IMG.input, prompt: 'forbidden' },
    });
    expect(created.status).toBe(200);
    const { json } = await ended(strict, mine, idOf(created));
    expect(json).toMatchObject({ status: 'failed', error: 'NSFW content detected.' });
    await strict.close();
  });
});
