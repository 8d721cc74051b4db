import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signPath } from '../../assets/signed-url.ts';
import { sweepAssets } from '../../gateway/files/retention.ts';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Call,
  caller,
  customer,
  expectFault,
  film,
  IMAGE,
  IMAGES,
  idOf,
  itemOf,
  VIDEOS,
} from './testing.ts';

const HOUR = 3_600_000;
let gateway: TestGateway;
let call: Call;
let url: string;
let id: string;
let now = Date.now();
beforeAll(async () => {
  gateway = await startTestGateway({ now: () => now });
  ({ call } = await customer(gateway));
  const made = await call('POST', IMAGES, IMAGE);
  id = idOf(made);
  url = itemOf(made).url;
});
afterAll(() => gateway.close());

/** Without a key. */
const fetchIt: Call = (...args) => caller(gateway)(...args);

describe('a link', () => {
  it('gives the file with its type, length and tag, and asks for no key', async () => {
    const answer = await fetchIt('GET', url);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': expect.stringMatching(/^\d+$/),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=3600',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
      'x-request-id': expect.stringMatching(/^req_/),
    });
    // A key that is sent along makes no difference, not even a wrong one.
    expect((await fetchIt('GET', url, undefined, { authorization: 'Bearer sk_wrong' })).status).toBe(200);
  });

  it('answers HEAD, ranges and tags', async () => {
    const whole = await fetchIt('GET', url);
    const size = whole.headers.get('content-length') ?? '';
    const head = await fetchIt('HEAD', url);
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', size]);
    const part = await fetchIt('GET', url, undefined, { range: 'bytes=1-3' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 1-3/${size}`]);
    const tag = head.headers.get('etag') ?? '';
    expect((await fetchIt('GET', url, undefined, { 'if-none-match': tag })).status).toBe(304);
    const outside = await fetchIt('GET', url, undefined, { range: `bytes=${size}-` });
    expectFault(outside, 'invalid_parameter@400', 'Range');
  });

  provokes('getimg', 'not_found@404', 'that was changed, is for another index, or is none', async () => {
    const { searchParams, origin, pathname } = new URL(url);
    const exp = searchParams.get('exp') ?? '';
    const sig = searchParams.get('sig') ?? '';
    const flipped = (sig.startsWith('0') ? '1' : '0') + sig.slice(1);
    const base = origin + pathname;
    for (const changed of [
      `${base}?exp=${exp}&sig=${flipped}`,
      `${base}?exp=${Number(exp) + 1}&sig=${sig}`,
      `${base}?exp=0${exp}&sig=${sig}`,
      `${base}?exp=${exp}&sig=${sig.toUpperCase()}`,
      `${base}?exp=${exp}&exp=${exp}&sig=${sig}`,
      `${base}?exp=${exp}`,
      `${base}?sig=${sig}`,
      base,
      url.replace('/0?', '/7?'),
      url.replace('/0?', '/00?'),
      url.replace('/0?', '/-1?'),
      url.replace('/0?', '/x?'),
      url.replace('/0?', '?'),
      url.replace(id, 'req-01J00000000000000000000000'),
      url.replace(id, `${id}%2f0`),
    ])
      expectFault(await fetchIt('GET', changed), 'not_found@404');
    expectFault(await fetchIt('POST', url, {}), 'not_found@404');
    expectFault(await fetchIt('DELETE', url), 'not_found@404');
    // Correctly signed, but there is no such file.
    const nowhere = signPath(gateway.core.linkSecret, `${id}/7`, Number(exp));
    expectFault(
      await fetchIt('GET', `${origin}${pathname.replace(/0$/, '7')}?exp=${exp}&sig=${nowhere}`),
      'not_found@404',
    );
  });

  provokes('getimg', 'server_error@500', 'to a file that cannot be read', async () => {
    await gateway.admin('POST', '/faults', { point: 'assets.read', effect: 'error' });
    expectFault(await fetchIt('GET', url), 'server_error@500');
    expect((await fetchIt('GET', url)).status).toBe(200);
  });

  it('ends at deletes_at; what was said of it stays, also when the file is swept', async () => {
    const video = await film(gateway, call);
    const { deletes_at, url: link } = itemOf(video);
    expect(Date.parse(deletes_at) - now).toBeGreaterThan(24 * HOUR - 2000);
    expect(Date.parse(deletes_at) - now).toBeLessThanOrEqual(24 * HOUR);
    const read = () => call('GET', `${VIDEOS}/${idOf(video)}`);

    now = Date.parse(deletes_at) - 1000;
    expect((await fetchIt('GET', link)).headers.get('cache-control')).toBe('private, max-age=1');
    now = Date.parse(deletes_at);
    expectFault(await fetchIt('GET', link), 'not_found@404');
    expect((await read()).json).toEqual(video.json);
    // A picture that has expired cannot be used.
    const images = [{ url: link, role: 'first_frame' }];
    const late = await film(gateway, call, { model: 'seedance-v1-pro', prompt: 'x', images });
    expect(late.json.error).toMatchObject({ code: 'invalid_parameter' });

    now += 1000;
    await sweepAssets(gateway.core);
    expectFault(await fetchIt('GET', link), 'not_found@404');
    const swept = await read();
    expect(swept.json).toMatchObject({ status: 'completed', usage: video.json.usage });
    const { url: former, deletes_at: _, ...rest } = itemOf(swept);
    expect(rest).toEqual({ ...rest, width: 480, height: 480, duration: 1, fps: null, has_sound: false });
    expectFault(await fetchIt('GET', former), 'not_found@404');
  });
});

describe('the life of a file', () => {
  it('is over when it is swept, also where files live longer by now', async () => {
    const settings = (ttl: string) => ({
      config: `dialects:\n  getimg:\n    asset_ttl: ${ttl}\n`,
      now: () => now,
    });
    const before = await startTestGateway(settings('1h'));
    const mine = await customer(before);
    const video = await film(before, mine.call);
    now += HOUR;
    await sweepAssets(before.core);
    const after = await before.restart(settings('7d'));
    try {
      const read = await caller(after, mine.key.key)('GET', `${VIDEOS}/${idOf(video)}`);
      expect(read.json).toMatchObject({ status: 'completed', usage: video.json.usage });
      expect(Date.parse(itemOf(read).deletes_at)).toBeLessThanOrEqual(now);
    } finally {
      await after.close();
    }
  });

  it('is a setting', async () => {
    const brief = await startTestGateway({
      config: 'dialects:\n  getimg:\n    asset_ttl: 1h\n',
      now: () => now,
    });
    try {
      const mine = await customer(brief);
      const { deletes_at } = itemOf(await mine.call('POST', IMAGES, IMAGE));
      expect(Date.parse(deletes_at)).toBe(Math.floor((now + HOUR) / 1000) * 1000);
    } finally {
      await brief.close();
    }
  });

  it('may be shorter than a second: the link is dead at once, and the answer still tells of it', async () => {
    const brief = await startTestGateway({ config: 'dialects:\n  getimg:\n    asset_ttl: 1ms\n' });
    try {
      const mine = await customer(brief);
      const made = await mine.call('POST', IMAGES, IMAGE);
      expect(made.status).toBe(200);
      expectFault(await fetchIt('GET', itemOf(made).url), 'not_found@404');
    } finally {
      await brief.close();
    }
  });
});
