import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { customer, expectFault, IMAGE, IMAGES, idOf, limitsOf, VIDEO, VIDEOS } from './testing.ts';

let now = 1_800_000_000_000;
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false, now: () => now });
});
afterAll(() => gateway.close());

const limited = (limits: object) => customer(gateway, { key: { limits } });
/** Counted, but refused before anything is made. */
const EMPTY = {};

describe('the limits of a minute', () => {
  provokes('getimg', 'rate_limit@429', 'one image too many in a window; videos still pass', async () => {
    const { id, call } = await limited({ requests_per_minute: 3, video_requests_per_minute: 2 });
    const opened = Math.ceil(now / 1000);
    for (const remaining of [2, 1, 0]) {
      const counted = await call('POST', IMAGES, EMPTY);
      expectFault(counted, 'parameter_missing@400', 'model');
      expect(limitsOf(counted)).toEqual([3, remaining, opened + 60]);
      now += 1000;
    }
    const refused = await call('POST', IMAGES, '{broken');
    expectFault(refused, 'rate_limit@429');
    expect(limitsOf(refused)).toEqual([3, 0, opened + 60]);
    expect(refused.headers.get('retry-after')).toBe('57');

    const video = await call('POST', VIDEOS, VIDEO);
    expect([video.status, limitsOf(video)]).toEqual([202, [2, 1, Math.ceil(now / 1000) + 60]]);
    // The whole workspace is counted, not the key.
    const other = await gateway.createKey(id, { dialect: 'getimg', limits: { requests_per_minute: 3 } });
    const authorization = `Bearer ${other.key}`;
    expectFault(await call('POST', IMAGES, EMPTY, { authorization }), 'rate_limit@429');

    now += 56_999;
    const last = await call('POST', IMAGES, EMPTY);
    expectFault(last, 'rate_limit@429');
    expect(last.headers.get('retry-after')).toBe('1');
    now += 1;
    const next = await call('POST', IMAGES, EMPTY);
    expect([next.status, limitsOf(next)]).toEqual([400, [3, 2, Math.ceil(now / 1000) + 60]]);
  });

  it('are apart for videos, which images do not use up', async () => {
    const { call } = await limited({ video_requests_per_minute: 1, requests_per_minute: 5 });
    expect((await call('POST', VIDEOS, VIDEO)).status).toBe(202);
    expectFault(await call('POST', VIDEOS, VIDEO), 'rate_limit@429');
    expect((await call('POST', IMAGES, EMPTY)).status).toBe(400);
  });

  it('have defaults', async () => {
    const { call } = await limited({});
    expect(limitsOf(await call('POST', IMAGES, EMPTY))[0]).toBe(60);
    expect(limitsOf(await call('POST', VIDEOS, EMPTY))[0]).toBe(20);
  });

  it('count what is refused with 400, 402 and 422, whoever asks', async () => {
    const moderated = await startTestGateway({
      worker: false,
      config: 'moderation:\n  words: [forbidden]\n',
      now: () => now,
    });
    try {
      const { call } = await customer(moderated, { credit_usd: '0.1', key: { limits: {} } });
      const answers = [
        await call('POST', IMAGES, EMPTY),
        await call('POST', IMAGES, { model: 'gemini-3-1-flash-image', resolution: '4K', prompt: 'x' }),
        await call('POST', IMAGES, { ...IMAGE, prompt: 'forbidden' }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([400, 402, 422]);
      expect(answers.map((answer) => limitsOf(answer)[1])).toEqual([59, 58, 57]);
    } finally {
      await moderated.close();
    }
  });
});

describe('reads', () => {
  it('show the window of videos, and use nothing of it', async () => {
    const { call } = await limited({ video_requests_per_minute: 2, concurrent: 5 });
    const unopened = await call('GET', `${VIDEOS}/req-NOPE`);
    expect(limitsOf(unopened)).toEqual([2, 2, Math.ceil(now / 1000) + 60]);
    const submitted = await call('POST', VIDEOS, VIDEO);
    for (let n = 0; n < 5; n++) {
      const read = await call('GET', `${VIDEOS}/${idOf(submitted)}`);
      expect([read.status, limitsOf(read)]).toEqual([200, limitsOf(submitted)]);
    }
    expect(limitsOf(await call('POST', VIDEOS, VIDEO))[1]).toBe(0);
    expect((await call('GET', '/v2/models')).headers.get('x-ratelimit-limit')).toBeNull();
  });
});

describe('the concurrent limit', () => {
  it('counts pending videos against images, and does not count whom it refuses', async () => {
    const { call } = await limited({ concurrent: 2, requests_per_minute: 2, video_requests_per_minute: 9 });
    const first = await call('POST', VIDEOS, VIDEO);
    expect((await call('POST', VIDEOS, VIDEO)).status).toBe(202);
    for (let n = 0; n < 4; n++) {
      const refused = await call('POST', IMAGES, IMAGE);
      expectFault(refused, 'rate_limit@429');
      expect(limitsOf(refused).slice(0, 2)).toEqual([2, 2]);
    }
    const video = await call('POST', VIDEOS, VIDEO);
    expectFault(video, 'rate_limit@429');
    expect(limitsOf(video).slice(0, 2)).toEqual([9, 7]);

    await gateway.admin('POST', `/generations/${idOf(first)}/cancel`);
    expect((await call('POST', VIDEOS, VIDEO)).status).toBe(202);
  });

  it('is five, and of the whole workspace', async () => {
    const { id, call } = await limited({});
    const other = await gateway.createKey(id, { dialect: 'getimg' });
    const authorization = `Bearer ${other.key}`;
    const all = await Promise.all(
      Array.from({ length: 7 }, (_, n) => call('POST', VIDEOS, VIDEO, n % 2 === 0 ? {} : { authorization })),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 429, 429]);
  });

  it('of nothing lets nothing start', async () => {
    const { call } = await limited({ concurrent: 0 });
    expectFault(await call('POST', IMAGES, IMAGE), 'rate_limit@429');
    expectFault(await call('POST', VIDEOS, VIDEO), 'rate_limit@429');
  });
});

describe('a limiter that fails', () => {
  it('stops submissions, and reads go on', async () => {
    const { call } = await limited({});
    const id = idOf(await call('POST', VIDEOS, VIDEO));
    await gateway.admin('POST', '/faults', { point: 'limiter', effect: 'down' });
    expect((await call('GET', `${VIDEOS}/${id}`)).status).toBe(200);
    expectFault(await call('POST', VIDEOS, VIDEO), 'server_error@500');
  });
});
