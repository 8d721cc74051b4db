import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as getimg from '../../dialects/getimg/testing.ts';
import * as kiara from '../../dialects/kiara/testing.ts';
import * as native from '../../dialects/native/testing.ts';
import * as skillsVideo from '../../dialects/skills-video/testing.ts';
import { movesOf } from '../../testing/books.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { formWithPixel, PIXEL } from '../../testing/pixel.ts';
import { detailOf, factsOf, mendRoutes } from '../upstream/testing/deliveries.ts';
import { KEY, type StabilityDouble, startStabilityDouble } from './testing/double.ts';

const config = ({ url }: StabilityDouble) => `
providers:
  up: { type: stability, base_url: ${url}, api_key: ${KEY}, poll_interval: 20ms }
retries: { base_delay: 1ms, max_delay: 2s }
models:
  kiara/kiara-image-pro: { routes: [up/core] }
  kiara/kiara-reference: { routes: [up/control/structure] }
  getimg/seedream-5-lite: { routes: [up/ultra] }
  native/genlock/image: { routes: [up/sd3.5-large] }
  skills-video/topaz/upscale/image: { routes: [up/upscale/creative] }
`;

let double: StabilityDouble;
let gateway: TestGateway;
beforeAll(async () => {
  double = await startStabilityDouble();
  gateway = await startTestGateway({ config: config(double) });
});
beforeEach(() => mendRoutes(gateway));
afterAll(async () => {
  await gateway.close();
  await double.close();
});

const CORE = 'POST /v2beta/stable-image/generate/core';
const SD3 = 'POST /v2beta/stable-image/generate/sd3';
const CREATIVE = 'POST /v2beta/stable-image/upscale/creative';

/** Orders an image for a new customer of Kiara and waits for its end. Returns its movements in the ledger, too. */
async function kiaraImage(body?: object) {
  const { account, id, json } = await kiara.makeImage(gateway, body);
  const moves = await movesOf(gateway, account);
  return { id, json, moves: moves.map((move) => move.split(' ')[0]) };
}

/** A picture of a new customer of skills.video, which is to be enlarged. */
async function enlarging(on: TestGateway) {
  const { id, key, call } = await skillsVideo.customer(on);
  const form = formWithPixel('image_url');
  form.append('prompt', 'larger');
  const made = await call('POST', skillsVideo.create('topaz/upscale/image'), form);
  return { account: id, key, call, id: skillsVideo.idOf(made) };
}

describe('pictures', () => {
  it('reach customers of three dialects as real files', async () => {
    const pro = await kiaraImage();
    expect(pro.json).toMatchObject({ status: 'completed' });
    expect(await factsOf(gateway, pro.id)).toMatchObject([
      { contentType: 'image/jpeg', width: 341, height: 512 },
    ]);

    const two = await getimg.customer(gateway);
    const made = await two.call('POST', getimg.IMAGES, { ...getimg.IMAGE, output_format: 'webp' });
    expect(made.status).toBe(200);
    expect(await factsOf(gateway, getimg.idOf(made))).toMatchObject([{ contentType: 'image/webp' }]);

    const three = await native.customer(gateway);
    const input = { prompt: 'a red mug', count: 3, seed: 5 };
    const id = native.idOf(await three.call('POST', '/generations', { model: 'genlock/image', input }));
    expect((await native.ended(gateway, three.call, id)).json).toMatchObject({ status: 'succeeded' });
    expect(await factsOf(gateway, id)).toHaveLength(3);
    const forms = await Promise.all(
      double.seen.filter(({ path }) => path.endsWith('/sd3')).map((seen) => seen.form()),
    );
    expect(forms.map((form) => form.get('seed')).toSorted()).toEqual(['5', '6', '7']);
  });

  it('are delivered as far as they could be made', async () => {
    const filtered = { body: { image: 'AAAA', finish_reason: 'CONTENT_FILTERED', seed: 1 } };
    const refused = { status: 429, body: { id: '1', name: 'rate_limit_exceeded', errors: [] } };
    double.script(SD3, filtered, refused);
    const { id: account, call } = await native.customer(gateway);
    const input = { prompt: 'a red mug', count: 3 };
    const id = native.idOf(await call('POST', '/generations', { model: 'genlock/image', input }));
    expect((await native.ended(gateway, call, id)).json).toMatchObject({
      status: 'succeeded',
      usage: { images: 1 },
    });
    expect(await factsOf(gateway, id)).toHaveLength(1);
    // A third of them, and a quarter of the pixels.
    expect(await native.ledgerOf(gateway, account)).toEqual([
      'top_up 100',
      'hold 0.12',
      'capture 0.01',
      'release 0.11',
    ]);
  });

  it('are delivered as far as they came, with a word to the operator of those that got lost', async () => {
    double.script(SD3, 'drop');
    const { call } = await native.customer(gateway);
    const input = { prompt: 'a red mug', count: 3 };
    const id = native.idOf(await call('POST', '/generations', { model: 'genlock/image', input }));
    expect((await native.ended(gateway, call, id)).json).toMatchObject({ status: 'succeeded' });
    expect(await factsOf(gateway, id)).toHaveLength(2);
    expect((await detailOf(gateway, id)).attempts).toMatchObject([{ outcome: 'succeeded', lostCalls: 1 }]);
  });

  it('are made of uploaded ones', async () => {
    const { json } = await kiara.makeFromUpload(gateway);
    expect(json).toMatchObject({ status: 'completed' });
    const sent = double.seen.findLast(({ path }) => path.endsWith('/control/structure'));
    const image = (await sent?.form())?.get('image') as File;
    expect(Buffer.from(await image.bytes())).toEqual(PIXEL);
  });
});

describe('work that takes its time', () => {
  it('is asked after until it is done', async () => {
    const { call, id } = await enlarging(gateway);
    expect((await skillsVideo.ended(gateway, call, id)).json).toMatchObject({ status: 'COMPLETED' });
    expect(await factsOf(gateway, id)).toMatchObject([{ kind: 'image' }]);
  });

  it('is not ordered twice by a gateway that stops in the middle', async () => {
    const slow = await startStabilityDouble({ hold: true });
    const first = await startTestGateway({ config: config(slow) });
    const { id, key } = await enlarging(first);
    await slow.called('GET /v2beta/results/result-1', 2);
    await first.drain(0);
    const second = await first.restart();
    slow.release();
    const { json } = await skillsVideo.ended(second, skillsVideo.caller(second, key.key), id);
    expect(json).toMatchObject({ status: 'COMPLETED' });
    expect(slow.count(CREATIVE)).toBe(1);
    expect((await detailOf(second, id)).attempts).toMatchObject([
      { upstreamId: 'result-1', outcome: 'succeeded' },
    ]);
    await second.close();
    await slow.close();
  });

  it.each([
    [{ status: 403, body: { id: '1', name: 'content_moderation', errors: ['Flagged.'] } }],
    [{ body: { finish_reason: 'CONTENT_FILTERED', result: 'AAAA', seed: 1 } }],
  ])('that is refused in the end is told as such: %j', async (refusal) => {
    const before = double.count(CREATIVE);
    double.script(CREATIVE, { status: 202, body: { id: 'r' } });
    double.script('GET /v2beta/results/r', { status: 502, body: '<html>' }, refusal);
    const { call, id } = await enlarging(gateway);
    const { json } = await skillsVideo.ended(gateway, call, id);
    skillsVideo.expectFailed(json, 'IMAGE_GENERATION_CONTENT_REJECTED@job');
    expect(double.count(CREATIVE) - before).toBe(1);
  });
});

describe('what goes wrong upstream', () => {
  it.each([
    [
      'the prompt was refused',
      { status: 403, body: { id: '1', name: 'content_moderation', errors: ['Acme says no.'] } },
    ],
    ['the picture was blurred', { body: { image: 'AAAA', finish_reason: 'CONTENT_FILTERED', seed: 1 } }],
  ])('is told in the dialect’s words where %s', async (_, refusal) => {
    double.script(CORE, refusal);
    double.script('POST /v2beta/stable-image/generate/ultra', refusal);
    const before = double.count(CORE);
    const { json, moves } = await kiaraImage();
    expect(json).toMatchObject({ status: 'failed', error: { code: 'generation_failed' } });
    expect(JSON.stringify(json)).not.toMatch(/Acme|stability/i);
    expect(moves).toEqual(['hold', 'release']);
    expect(double.count(CORE) - before).toBe(1);
    const { call } = await getimg.customer(gateway);
    getimg.expectFault(
      await call('POST', getimg.IMAGES, getimg.IMAGE),
      'content_policy_violation@422',
      'prompt',
    );
  });

  it('is the operator’s where the account upstream is empty, and shows to nobody else', async () => {
    const errors = [`You lack sufficient credits to make this request with ${KEY}.`];
    double.script(CORE, { status: 402, body: { id: '1', name: 'payment_required', errors } });
    const { id, json, moves } = await kiaraImage();
    expect(json).toMatchObject({ status: 'failed', error: { code: 'generation_failed' } });
    expect(JSON.stringify(json.error)).not.toMatch(/credits|payment|sufficient/i);
    expect(moves).toEqual(['hold', 'release']);
    const { generation, attempts } = await detailOf(gateway, id);
    expect(generation.failure?.code).toBe('model_misconfigured');
    expect(attempts[0]?.error?.raw).toContain('payment_required');
    expect(attempts[0]?.error?.raw).not.toContain(KEY);
  });

  it.each([
    ['dies with the connection', 'drop' as const],
    [
      'breaks off',
      { pieces: ['{"image": "', 'drop' as const], headers: { 'content-type': 'application/json' } },
    ],
    ['is the page of a proxy', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['is a page with a good status', { body: '<html>Sign in</html>' }],
  ])('is not bought again when the answer %s', async (_, act) => {
    const before = double.count(CORE);
    double.script(CORE, act);
    const { id, json, moves } = await kiaraImage();
    expect(json).toMatchObject({ status: 'failed' });
    expect(double.count(CORE) - before).toBe(1);
    expect((await detailOf(gateway, id)).attempts).toMatchObject([{ outcome: 'outcome_unknown' }]);
    expect(moves).toEqual(['hold', 'release']);
  });

  it('is not bought again where one of several answers is lost and the others were refused', async () => {
    const before = double.count(SD3);
    const refused = { status: 500, body: { id: '1', name: 'internal_error', errors: ['Sorry.'] } };
    double.script(SD3, refused, 'drop', refused);
    const { call } = await native.customer(gateway);
    const input = { prompt: 'a red mug', count: 3 };
    const id = native.idOf(await call('POST', '/generations', { model: 'genlock/image', input }));
    const { json } = await native.ended(gateway, call, id);
    expect(json).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
    expect(double.count(SD3) - before).toBe(3);
    expect((await detailOf(gateway, id)).attempts).toMatchObject([{ lostCalls: 1 }]);
  });

  it('is tried again where it surely was not made', async () => {
    const failure = { status: 500, body: { id: '1', name: 'internal_error', errors: ['Sorry.'] } };
    const rate = {
      status: 429,
      headers: { 'retry-after-ms': '200' },
      body: { id: '1', name: 'rate_limit_exceeded', errors: [] },
    };
    double.script(CORE, failure, rate);
    const { id, json } = await kiaraImage();
    expect(json).toMatchObject({ status: 'completed' });
    const { attempts } = await detailOf(gateway, id);
    expect(attempts.map(({ error }) => error?.code)).toEqual([
      'upstream_failed',
      'upstream_rate_limited',
      undefined,
    ]);
    expect((attempts[2]?.startedAt ?? 0) - (attempts[1]?.startedAt ?? 0)).toBeGreaterThanOrEqual(200);
  });
});
