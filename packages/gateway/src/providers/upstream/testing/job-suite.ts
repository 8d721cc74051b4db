import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as getimg from '../../../dialects/getimg/testing.ts';
import * as kiara from '../../../dialects/kiara/testing.ts';
import * as native from '../../../dialects/native/testing.ts';
import * as skillsVideo from '../../../dialects/skills-video/testing.ts';
import * as skytells from '../../../dialects/skytells/testing.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import { formWithPixel } from '../../../testing/pixel.ts';
import { detailOf, factsOf } from './deliveries.ts';
import type { Act, HttpDouble, Seen } from './http-double.ts';

/** An upstream that takes jobs, on loopback. */
export interface JobDouble extends HttpDouble {
  /** Number of jobs accepted, each of which costs money. */
  readonly bought: () => number;
  /** The ids of canceled jobs. */
  readonly canceled: () => readonly string[];
  /** If it was started with `hold`: lets jobs end from now on. */
  release(): void;
}

/** A provider type whose work is jobs. */
export interface JobProvider<Double extends JobDouble> {
  /** `hold`: no job ends before `release`. */
  readonly start: (options?: { readonly hold?: boolean }) => Promise<Double>;
  /** Its settings in YAML, as they stand between braces. */
  readonly settings: (double: Double) => string;
  /** The model that each kind of work is routed to; without `speech` it makes none. */
  readonly models: { readonly image: string; readonly video: string; readonly speech?: string };
  /** The call that orders an image. */
  readonly order: string;
  /** The call that polls the first job. */
  readonly ask: string;
  /** The upstream's id of the first job. */
  readonly firstId: string;
  /** Makes moderation refuse the next image. */
  readonly refuse: (double: Double) => void;
  /** The answer to an order if the operator's account is empty or invalid. */
  readonly emptyAccount: Act;
  /** A failure in the upstream's own words, so that the order is certainly not being worked on. */
  readonly failure: Act;
  /** For an upstream that can be asked by our key: accepts an order whose answer then gets lost. */
  readonly takes?: (double: Double, order: Seen) => void;
  /** Words that callers must never see. */
  readonly words: RegExp;
}

/** What every provider of jobs has to do, tested through the dialects. */
export function describeJobs<Double extends JobDouble>(type: string, provider: JobProvider<Double>): void {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  const config = (double: Double): string => {
    const { image, video, speech } = provider.models;
    const to = (model: string) => `{ routes: [up/${model}] }`;
    return `
providers:
  up: { type: ${type}, ${provider.settings(double)}, poll_interval: 10ms }
retries: { base_delay: 1ms, max_delay: 2s }
route_health: { failure_ratio: 1, open_for: 10ms, broken_for: 1m }
models:
  kiara/kiara-image-pro: ${to(image)}
  getimg/seedream-5-lite: ${to(image)}
  skytells/truefusion: ${to(image)}
  native/genlock/image: ${to(image)}
  native/genlock/video: ${to(video)}
  skills-video/luma/ray-2-flash: ${to(video)}
${speech === undefined ? '' : `  native/genlock/speech: ${to(speech)}\n  skills-video/minimax-tts/speech-02-hd: ${to(speech)}`}
`;
  };
  const begin = async (hold = false): Promise<{ double: Double; gateway: TestGateway }> => {
    const double = await provider.start({ hold });
    const gateway = await startTestGateway({ config: config(double) });
    open.push(double, gateway);
    return { double, gateway };
  };

  /** Orders an image for a new customer of the native API and waits for its end. */
  const image = async (gateway: TestGateway) => {
    const { id: account, call } = await native.customer(gateway);
    const id = native.idOf(await call('POST', '/generations', native.IMAGE));
    const { json, text } = await native.ended(gateway, call, id);
    const moves = (await native.ledgerOf(gateway, account)).slice(1);
    return { id, json, text, moves, ...(await detailOf(gateway, id)) };
  };

  describe(`${type}, through the dialects`, () => {
    let double: Double;
    let gateway: TestGateway;
    beforeAll(async () => {
      double = await provider.start();
      gateway = await startTestGateway({ config: config(double) });
    });
    afterAll(async () => {
      await gateway.close();
      await double.close();
    });

    it('brings real pictures to customers of four', async () => {
      const one = await gateway.customer({ dialect: 'kiara' });
      const call = kiara.caller(gateway, one.key.key);
      const id = kiara.idOf(await call('POST', '/v1/generations', kiara.B));
      expect((await kiara.ended(gateway, call, id)).json).toMatchObject({ status: 'completed' });
      expect(await factsOf(gateway, id)).toMatchObject([{ kind: 'image', width: 832, height: 1216 }]);

      const two = await getimg.customer(gateway);
      const made = await two.call('POST', getimg.IMAGES, { ...getimg.IMAGE, output_format: 'webp' });
      expect([made.status, await factsOf(gateway, getimg.idOf(made))]).toMatchObject([
        200,
        [{ contentType: 'image/webp', width: 1024 }],
      ]);

      const three = await skytells.customer(gateway);
      const prediction = skytells.idOf(await three.call('POST', '/v1/predictions', skytells.IMG));
      expect((await skytells.ended(gateway, three.call, prediction)).json).toMatchObject({
        status: 'succeeded',
      });

      const four = await native.customer(gateway);
      const input = { ...native.IMAGE.input, count: 2 };
      const pair = native.idOf(await four.call('POST', '/generations', { ...native.IMAGE, input }));
      expect((await native.ended(gateway, four.call, pair)).json).toMatchObject({ status: 'succeeded' });
      expect(await factsOf(gateway, pair)).toMatchObject([{ width: 256 }, { width: 256 }]);
    });

    it('brings real clips, made of pictures too', async () => {
      const one = await native.customer(gateway);
      const upload = await one.call('POST', '/uploads', formWithPixel());
      const input = { ...native.VIDEO.input, first_frame: upload.json.id };
      const id = native.idOf(await one.call('POST', '/generations', { ...native.VIDEO, input }));
      expect((await native.ended(gateway, one.call, id)).json).toMatchObject({ status: 'succeeded' });
      expect(await factsOf(gateway, id)).toMatchObject([{ kind: 'video', height: 240, durationSeconds: 1 }]);

      const two = await skillsVideo.customer(gateway);
      const film = await skillsVideo.run(gateway, two.call, skillsVideo.SMALL_FILM, skillsVideo.SHORT);
      expect(film.json).toMatchObject({ status: 'COMPLETED' });
      expect(await factsOf(gateway, skillsVideo.idOf(film))).toMatchObject([{ contentType: 'video/mp4' }]);
    });

    it.runIf(provider.models.speech !== undefined)('brings real speech', async () => {
      const one = await native.customer(gateway);
      const id = native.idOf(await one.call('POST', '/generations', native.SPEECH));
      expect((await native.ended(gateway, one.call, id)).json).toMatchObject({ status: 'succeeded' });
      expect(await factsOf(gateway, id)).toMatchObject([{ kind: 'audio' }]);

      const two = await skillsVideo.customer(gateway);
      const speech = await skillsVideo.run(gateway, two.call, skillsVideo.SPEECH, { text: 'Good morning.' });
      expect(await factsOf(gateway, skillsVideo.idOf(speech))).toMatchObject([{ contentType: 'audio/mpeg' }]);
    });

    it('tells a refused prompt in their own words', async () => {
      provider.refuse(double);
      const { call } = await getimg.customer(gateway);
      const answer = await call('POST', getimg.IMAGES, getimg.IMAGE);
      getimg.expectFault(answer, 'content_policy_violation@422', 'prompt');
      provider.refuse(double);
      const { json, text, moves } = await image(gateway);
      expect(json).toMatchObject({ status: 'failed', error: { code: 'content_rejected' } });
      expect(text).not.toMatch(provider.words);
      expect(moves).toEqual(['hold 0.01', 'release 0.01']);
    });

    it.each([
      ['dies with the connection', 'drop' as const],
      [
        'breaks off',
        { pieces: ['{"id": "p', 'drop' as const], headers: { 'content-type': 'application/json' } },
      ],
      ['is the page of a proxy', { status: 502, body: '<html>Bad Gateway</html>' }],
      ['is a page with a good status', { body: '<html>Sign in</html>' }],
    ])('orders nothing again when the answer %s', async (_, act) => {
      const { takes } = provider;
      const before = double.count(provider.order);
      double.script(provider.order, (order) => {
        takes?.(double, order);
        return act;
      });
      const { json, attempts, moves } = await image(gateway);
      expect(json).toMatchObject(
        takes ? { status: 'succeeded' } : { status: 'failed', error: { code: 'outcome_unknown' } },
      );
      expect(double.count(provider.order) - before).toBe(1);
      expect(attempts).toMatchObject([{ outcome: takes ? 'succeeded' : 'outcome_unknown' }]);
      expect(moves).toEqual(['hold 0.01', takes ? 'capture 0.01' : 'release 0.01']);
    });

    it('orders again what surely was not taken on: refused for the rate, and after the wait', async () => {
      const before = [double.count(provider.order), double.bought()] as const;
      double.script(
        provider.order,
        { status: 429, headers: { 'retry-after-ms': '300' }, body: '' },
        provider.failure,
      );
      const { json, attempts, moves } = await image(gateway);
      expect(json).toMatchObject({ status: 'succeeded' });
      expect(double.count(provider.order) - before[0]).toBe(3);
      expect(double.bought() - before[1]).toBe(1);
      const [first, second] = attempts.map(({ startedAt }) => startedAt);
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(300);
      expect(moves).toEqual(['hold 0.01', 'capture 0.01']);
    });
  });

  describe(`${type}, from one process to the next`, () => {
    it('shows an empty or wrong account upstream to the operator alone', async () => {
      const { double, gateway } = await begin();
      double.script(provider.order, provider.emptyAccount);
      const one = await gateway.customer({ dialect: 'kiara' });
      const call = kiara.caller(gateway, one.key.key);
      const id = kiara.idOf(await call('POST', '/v1/generations', kiara.B));
      const { json, text } = await kiara.ended(gateway, call, id);
      expect(json).toMatchObject({ status: 'failed', error: { code: 'generation_failed' } });
      expect(text).not.toMatch(provider.words);
      // Without ids and times, which may contain any digits.
      const told = JSON.stringify({ ...Object(json.error), request_id: undefined });
      expect(told).not.toMatch(/insufficient|unauthor|billing|40[123]/i);
      expect(double.count(provider.order)).toBe(1);
      expect((await detailOf(gateway, id)).attempts).toMatchObject([
        { error: { code: 'model_misconfigured' } },
      ]);
      const { body } = await gateway.admin('GET', `/accounts/${one.id}`);
      expect(body).toMatchObject({ balance: { available_usd: '100', held_usd: '0' } });
    });

    it('asks on when it cannot be asked', async () => {
      const { double, gateway } = await begin();
      double.script(
        provider.ask,
        'drop',
        { status: 500, body: '<html>' },
        { status: 404, body: '{}' },
        { body: '<html>' },
      );
      const { json } = await image(gateway);
      expect(json).toMatchObject({ status: 'succeeded' });
      expect(double.bought()).toBe(1);
    });

    it('goes on after a restart with what was ordered before it', async () => {
      const { double, gateway } = await begin(true);
      const { id: account, key, call } = await native.customer(gateway);
      const id = native.idOf(await call('POST', '/generations', native.IMAGE));
      await double.called(provider.ask, 2);
      await gateway.drain(0);
      open.pop();
      const next = await gateway.restart();
      open.push(next);
      double.release();
      const answer = await native.ended(next, native.caller(next, key.key), id);
      expect(answer.json).toMatchObject({ status: 'succeeded' });
      expect(double.bought()).toBe(1);
      const { attempts } = await detailOf(next, id);
      expect(attempts).toMatchObject([{ n: 1, upstreamId: provider.firstId, outcome: 'succeeded' }]);
      expect((await native.ledgerOf(next, account)).slice(1)).toEqual(['hold 0.01', 'capture 0.01']);
    });

    it('cancels upstream what its customer cancels', async () => {
      const { double, gateway } = await begin(true);
      const { call } = await native.customer(gateway);
      const id = native.idOf(await call('POST', '/generations', native.IMAGE));
      await double.called(provider.ask, 1);
      expect((await call('POST', `/generations/${id}/cancel`)).json).toMatchObject({ status: 'canceled' });
      await expect.poll(() => double.canceled()).toHaveLength(1);
      expect(double.bought()).toBe(1);
    });
  });
}
