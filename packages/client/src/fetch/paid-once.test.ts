import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BadServer,
  type Behaviour,
  drop,
  dropAfterWork,
  refuse,
  refuseAfterWork,
  startBadServer,
  truncate,
} from '../../testing/bad-server.ts';
import { CREATE, callerOf } from '../../testing/calls.ts';
import { createFetch, type DialectName } from '../index.ts';

const HTML = '<h1>Bad gateway</h1>';
const kiara503 = { error: { code: 'service_unavailable', message: 'm', request_id: 'req_1' } };
const skills = (code: string) => ({ error: code, code, message: 'm' });

let server: BadServer;
let call: ReturnType<typeof callerOf>['call'];
let slept: number[];
beforeAll(async () => {
  server = await startBadServer();
  ({ call, slept } = callerOf(server));
});
afterAll(() => server.close());

describe('a dialect with keys', () => {
  it.each<[DialectName, string]>([
    ['kiara', '/v1/generations'],
    ['kiara', '/v1/generations/gen_1/retry'],
    ['kiara', '/v1/topups'],
    ['native', '/v1/generations'],
    ['native', '/v1/generations/gen_1/retry?x=1'],
    ['llmtune', '/api/fine-tune/training/start'],
    ['llmtune', '/v1/batch/inference'],
  ])('%s sends %s again with one key, however it fails, and pays once', async (dialect, path) => {
    for (const bad of [dropAfterWork, drop, truncate, refuseAfterWork(502, HTML), refuse(504, '')]) {
      expect(await call(dialect, [bad, bad], {}, undefined, path)).toEqual({ posts: 3, paid: 1, end: 200 });
      expect(new Set(server.arrivals.map(({ key }) => key)).size).toBe(1);
      expect(server.arrivals[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('mints a key for each call, and takes that of the caller', async () => {
    await call('kiara', []);
    const first = server.arrivals[0]?.key;
    await call('kiara', []);
    expect(server.arrivals[0]?.key).not.toBe(first);
    const init = { method: 'POST', body: '{}', headers: { 'Idempotency-Key': 'order-17' } };
    await call('kiara', [drop], {}, init);
    expect(server.arrivals.map(({ key }) => key)).toEqual(['order-17', 'order-17']);
  });

  it('says that nobody knows when the attempts are over, and with which key to ask again', async () => {
    expect(await call('kiara', Array(9).fill(dropAfterWork))).toEqual({
      posts: 4,
      paid: 1,
      end: 'outcome_unknown',
    });
    server.next(...Array<Behaviour>(9).fill(refuse(502, HTML)));
    const send = createFetch({ dialect: 'kiara', attempts: 1 });
    const sent = send(server.url + CREATE.kiara, { method: 'POST', body: '{}' });
    const error: unknown = await sent.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'outcome_unknown',
      status: 502,
      retry: 'never',
      advice: 'contact_support',
      mayHaveBeenCharged: true,
      idempotencyKey: server.arrivals[0]?.key,
      raw: HTML,
      cause: { code: 'upstream_failed' },
    });
  });

  it('gives back the error that it was told at last', async () => {
    expect(await call('kiara', Array(9).fill(refuse(503, kiara503)))).toEqual({
      posts: 4,
      paid: 0,
      end: 503,
    });
  });

  it('does not take "wait" for an answer to what became of an attempt before', async () => {
    const limited = refuse(429, { error: { code: 'rate_limited', message: 'm' } });
    const options = { attempts: 2 };
    expect((await call('kiara', [dropAfterWork, limited], options)).end).toBe('outcome_unknown');
    expect((await call('kiara', [dropAfterWork, refuse(503, kiara503)], options)).end).toBe(
      'outcome_unknown',
    );
    expect((await call('kiara', [limited, limited], options)).end).toBe(429);
    const conflict = refuse(402, { error: { code: 'insufficient_balance', message: 'm' } });
    expect((await call('kiara', [drop, conflict], options)).end).toBe(402);
  });
});

describe('an answer that is not of the service', () => {
  const limits = { attempts: 2 };
  it.each([302, 400, 402, 404, 409, 410, 422])(
    'with %d does not settle what became of an attempt before',
    async (status) => {
      const page = refuse(status, HTML, { location: 'http://127.0.0.1:1/' });
      expect(await call('kiara', [dropAfterWork, page], limits)).toMatchObject({
        posts: 2,
        end: 'outcome_unknown',
      });
      const strange = refuse(status, { error: { code: 'made_up' } });
      expect((await call('kiara', [dropAfterWork, strange], limits)).end).toBe('outcome_unknown');
    },
  );

  it('counts as half of one where it is no JSON, also where its length is not told', async () => {
    const half: Behaviour = (response, pay) => {
      pay();
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', connection: 'close' });
      response.end('{"id":');
    };
    expect(await call('kiara', [half])).toEqual({ posts: 2, paid: 1, end: 200 });
    expect(await call('llmtune', [half])).toEqual({ posts: 1, paid: 1, end: 'outcome_unknown' });
  });
});

describe('a redirect of a paid call', () => {
  const to = (status: number, location: string, behave = refuseAfterWork) => behave(status, '', { location });

  it.each<DialectName>(['kiara', 'skytells'])(
    'of %s is not followed: what was made may be there',
    async (dialect) => {
      for (const status of [301, 302, 303])
        expect(await call(dialect, [to(status, 'http://127.0.0.1:1/')])).toEqual({
          posts: 1,
          paid: 1,
          end: 'outcome_unknown',
        });
      const busy = refuse(429, '', { 'retry-after': '0' });
      expect(await call(dialect, [to(303, '/p1'), busy])).toEqual({
        posts: 1,
        paid: 1,
        end: 'outcome_unknown',
      });
    },
  );

  it.each([307, 308])('comes back where it says that nothing was done: %d', async (status) => {
    const elsewhere = to(status, 'http://127.0.0.1:1/', refuse);
    expect(await call('skytells', [elsewhere])).toEqual({ posts: 1, paid: 0, end: status });
    expect((await call('kiara', [dropAfterWork, elsewhere])).end).toBe('outcome_unknown');
  });

  it('is told with the key that was sent', async () => {
    server.next(to(303, '/p1'));
    const sent = createFetch({ dialect: 'native' })(server.url + CREATE.native, {
      method: 'POST',
      body: '{}',
    });
    await expect(sent).rejects.toMatchObject({
      code: 'outcome_unknown',
      status: 303,
      mayHaveBeenCharged: true,
    });
    await expect(sent).rejects.toHaveProperty('idempotencyKey', server.arrivals[0]?.key);
  });

  it('of what costs nothing is followed', async () => {
    expect(await call('kiara', [to(302, '/v1/balance', refuse)], {}, {}, '/balance')).toMatchObject({
      end: 200,
    });
  });

  it('that was followed by a `fetch` that follows all is not known to have done nothing', async () => {
    const follows = {
      fetch: (url: unknown, init?: RequestInit) => fetch(String(url), { ...init, redirect: 'follow' }),
    };
    const missing = refuse(404, '');
    expect((await call('skytells', [to(303, '/p1'), missing], follows)).end).toBe('outcome_unknown');
  });
});

describe('a dialect without keys', () => {
  const keyless: readonly DialectName[] = ['getimg', 'skytells', 'llmtune', 'skills-video'];

  it.each(keyless)('%s: what may have been paid is never sent twice', async (dialect) => {
    for (const bad of [
      dropAfterWork,
      truncate,
      refuseAfterWork(500, HTML),
      refuseAfterWork(503, ''),
      refuseAfterWork(504, {}),
    ])
      expect(await call(dialect, [bad])).toEqual({ posts: 1, paid: 1, end: 'outcome_unknown' });
    expect(await call(dialect, [drop])).toEqual({ posts: 1, paid: 0, end: 'outcome_unknown' });
    expect(server.arrivals[0]?.key).toBeUndefined();
  });

  it.each(keyless)('%s: a limit is waited for', async (dialect) => {
    const limited = refuse(429, 'slow down', { 'retry-after': '2' });
    expect(await call(dialect, [limited])).toEqual({ posts: 2, paid: 1, end: 200 });
    expect(slept).toEqual([2250]);
  });

  it('sends again what was refused before any work began, and only that', async () => {
    const down = refuse(503, skills('VIDEO_GENERATION_PROVIDER_UNAVAILABLE'));
    expect(await call('skills-video', [down])).toEqual({ posts: 2, paid: 1, end: 200 });
    const failed = refuseAfterWork(502, skills('VIDEO_GENERATION_FAILED'));
    expect(await call('skills-video', [failed])).toEqual({ posts: 1, paid: 1, end: 'outcome_unknown' });
    const nothing = refuse(503, { status: false, error: { error_id: 'PREDICTION_ERROR', message: 'm' } });
    expect(await call('skytells', [nothing])).toEqual({ posts: 2, paid: 1, end: 200 });
    const final = refuse(502, { status: false, error: { error_id: 'PREDICTION_FAILED', message: 'm' } });
    expect(await call('skytells', [final])).toEqual({ posts: 1, paid: 0, end: 502 });
  });

  it('does not take a key of the caller for one that the server knows', async () => {
    const init = { method: 'POST', body: '{}', headers: { 'idempotency-key': 'k' } };
    expect(await call('getimg', [dropAfterWork], {}, init)).toEqual({
      posts: 1,
      paid: 1,
      end: 'outcome_unknown',
    });
  });

  it('uses keys of getimg where the caller knows that the server honours them', async () => {
    const options = { optionalKeys: true };
    expect(await call('getimg', [dropAfterWork, truncate], options)).toEqual({ posts: 3, paid: 1, end: 200 });
    expect((await call('skytells', [dropAfterWork], options)).posts).toBe(1);
  });
});
