import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, customer, ended, expectFault, IMG, idOf } from './testing.ts';

/** A gateway whose clock starts on this day and is set by hand. */
let now = Date.UTC(2026, 2, 4, 23, 59, 59, 999);
let gateway: TestGateway;
let call: Call;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false, now: () => now });
  call = (await customer(gateway)).call;
});
afterAll(() => gateway.close());

const list = (query = '', by = call) => by('GET', `/v1/predictions${query}`);
const idsOf = async (query: string) =>
  ((await list(query)).json.data as { id: string }[]).map(({ id }) => id);

describe('GET /v1/predictions', () => {
  let ids: string[];
  beforeAll(async () => {
    expect((await list()).json).toEqual({
      data: [],
      pagination: { current_page: 1, per_page: 20, total: 0, last_page: 1 },
    });
    ids = [];
    for (const model of ['truefusion', 'truefusion-edge', 'truefusion', 'truefusion-edge', 'truefusion']) {
      ids.unshift(idOf(await call('POST', '/v1/predict', { ...IMG, model })));
      // The first was made in the last millisecond of a day.
      now += 1;
    }
    await call('POST', `/v1/predictions/${ids[0]}/cancel`);
  });

  it('gives pages by number, newest first', async () => {
    const first = await list('?per_page=2');
    expect(first.json).toMatchObject({
      data: [
        { id: ids[0], status: 'cancelled' },
        { id: ids[1], model: { name: 'truefusion-edge' } },
      ],
      pagination: { current_page: 1, per_page: 2, total: 5, last_page: 3 },
    });
    expect(await idsOf('?per_page=2&page=3')).toEqual([ids[4]]);
    const beyond = await list('?per_page=2&page=9');
    expect([beyond.status, beyond.json]).toEqual([
      200,
      { data: [], pagination: { current_page: 9, per_page: 2, total: 5, last_page: 3 } },
    ]);
    expect(await idsOf('?per_page=50&page=1')).toEqual(ids);
  });

  it('filters by model, status and day, both ends inside', async () => {
    expect(await idsOf('?model=truefusion')).toEqual([ids[0], ids[2], ids[4]]);
    expect(await idsOf('?model=Skytells%2FTrueFusion&status=pending')).toEqual([ids[2], ids[4]]);
    for (const status of ['cancelled', 'canceled'])
      expect(await idsOf(`?status=${status}`)).toEqual([ids[0]]);
    expect(await idsOf('?status=queued')).toEqual(ids.slice(1));
    for (const status of ['starting', 'started', 'processing', 'succeeded', 'failed'])
      expect(await idsOf(`?status=${status}`)).toEqual([]);
    expect(await idsOf('?from=2026-03-04&to=2026-03-04')).toEqual([ids[4]]);
    expect(await idsOf('?from=2026-03-05')).toEqual(ids.slice(0, 4));
    expect(await idsOf('?since=2026-03-05&until=2026-03-05')).toEqual(ids.slice(0, 4));
    expect(await idsOf('?to=2026-03-03')).toEqual([]);
    expect(await idsOf('?unknown=1')).toEqual(ids);
  });

  it('answers HEAD without a body', async () => {
    const head = await call('HEAD', '/v1/predictions');
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('knows neither what others made nor what the other mode made, nor chats', async () => {
    const other = await customer(gateway);
    expect((await list('', other.call)).json.data).toEqual([]);
    const { key } = await gateway.createKey(other.id, { dialect: 'skytells', mode: 'test' });
    const headers = { 'x-api-key': key };
    const made = await other.call('POST', '/v1/predict', IMG, headers);
    expect((await list('', other.call)).json.data).toEqual([]);
    expect((await other.call('GET', '/v1/predictions', undefined, headers)).json.data).toMatchObject([
      { id: idOf(made) },
    ]);
    const chat = { model: 'deepbrain-router', messages: [{ role: 'user', content: 'hi' }], max_tokens: 2 };
    expect((await other.call('POST', '/v1/chat/completions', chat)).status).toBe(200);
    expect((await list('', other.call)).json).toMatchObject({ data: [], pagination: { total: 0 } });
  });

  it('leaves out what was deleted', async () => {
    const { call: mine } = await customer(gateway);
    const id = idOf(await mine('POST', '/v1/predict', IMG));
    await mine('DELETE', `/v1/predictions/${id}`);
    expect((await list('', mine)).json).toMatchObject({ data: [], pagination: { total: 0 } });
  });

  provokes('skytells', 'INVALID_PARAMETER@400', 'a number or status that is none', async () => {
    for (const [name, values] of [
      ['per_page', ['0', '51', 'abc', '', '-1', '1.5', '1e1', ' 5', '99999999999999999999']],
      ['page', ['0', '-1', 'x', '', '9999999999']],
      ['status', ['done', '', 'Pending']],
    ] as const) {
      for (const value of values)
        expectFault(await list(`?${name}=${encodeURIComponent(value)}`), 'INVALID_PARAMETER@400', {
          parameter: name,
        });
    }
  });

  provokes('skytells', 'INVALID_DATE_FORMAT@400', 'a day that no calendar has', async () => {
    for (const day of [
      '03/01/2026',
      '2026-2-3',
      '2026-02-30',
      '2026-13-01',
      '',
      'today',
      '2026-03-01T00:00:00Z',
    ])
      for (const name of ['from', 'to', 'since', 'until'])
        expectFault(await list(`?${name}=${encodeURIComponent(day)}`), 'INVALID_DATE_FORMAT@400');
  });

  provokes('skytells', 'INVALID_DATE_RANGE@400', 'from after to', async () => {
    expectFault(await list('?from=2026-03-10&to=2026-03-01'), 'INVALID_DATE_RANGE@400');
  });

  provokes(
    'skytells',
    'INVALID_PARAMETER_COMBINATION@400',
    'a name given twice, or in two spellings',
    async () => {
      for (const query of [
        'from=2026-03-01&since=2026-03-01',
        'to=2026-03-01&until=2026-03-01',
        'page=1&page=2',
      ])
        expectFault(await list(`?${query}`), 'INVALID_PARAMETER_COMBINATION@400');
    },
  );

  provokes('skytells', 'MODEL_NOT_FOUND@404', 'a filter by a model that is not there', async () => {
    expectFault(await list('?model=no-such-model'), 'MODEL_NOT_FOUND@404');
    expectFault(await list('?model='), 'MODEL_NOT_FOUND@404');
  });

  provokes('skytells', 'INTERNAL_ERROR@500', 'a store that throws while it pages', async () => {
    for (const effect of ['error', 'down', 'garbage']) {
      await gateway.admin('POST', '/faults', { point: 'store.list', effect });
      expectFault(await list(), 'INTERNAL_ERROR@500');
    }
    expect((await list()).status).toBe(200);
  });
});

describe('a list with failed predictions', () => {
  it('shows every one as a resource, also those that a read tells as 502', async () => {
    const running = await startTestGateway();
    const { call: mine } = await customer(running);
    const failed = async (steering: string) => {
      const id = idOf(await mine('POST', '/v1/predict', IMG, { 'genlock-sandbox': steering }));
      return { id, read: await ended(running, mine, id) };
    };
    const model = await failed('error=content_rejected');
    const serving = await failed('error=upstream_unavailable');
    expect([model.read.status, serving.read.status]).toEqual([200, 502]);
    expect((await list('?status=failed', mine)).json.data).toMatchObject([
      { id: serving.id, status: 'failed', model: 'truefusion', output: null, error: expect.any(String) },
      { id: model.id, status: 'failed', error: 'NSFW content detected.' },
    ]);
    await running.close();
  });
});
