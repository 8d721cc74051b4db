import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as native from '../../dialects/native/testing.ts';
import type { ImageRequest, SourceMedia } from '../../domain/request.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { PIXEL } from '../../testing/pixel.ts';
import type { Provider } from '../port.ts';
import { startHttpDouble } from '../upstream/testing/http-double.ts';
import { call, done, provider } from './testing/direct.ts';

const IMAGE: ImageRequest = {
  kind: 'image',
  prompt: 'a mug',
  width: 256,
  height: 256,
  count: 1,
  format: 'png',
  seed: -1,
};
const PICTURE: SourceMedia = { role: 'source', url: `asset:,${PIXEL.toString('base64')}` };

let behind: TestGateway;
let there: native.Call;
const open: Provider[] = [];
let connect: () => Provider;
beforeAll(async () => {
  behind = await startTestGateway();
  const { key, call } = await native.customer(behind);
  there = call;
  connect = () => {
    const up = provider({ base_url: `${behind.url}/v1/`, api_key: key.key });
    open.push(up);
    return up;
  };
});
afterAll(async () => {
  for (const up of open) await up.close?.();
  await behind.close(0);
});

const orders = async (): Promise<readonly { id: string; input: Readonly<Record<string, unknown>> }[]> =>
  (await there('GET', '/generations?limit=100')).json.data as never;

describe('a call', () => {
  it('is one order, fitted to the model, and says what it has cost', async () => {
    const up = connect();
    const { outputs, cost } = await done(up, call(IMAGE, { idempotencyKey: 'one' }));
    expect([outputs.length, cost]).toEqual([1, 10_000]);
    expect((await orders())[0]?.input).toMatchObject({
      ...{ prompt: 'a mug', size: '256x256', count: 1, format: 'png', seed: 4_294_967_295 },
    });
  });

  it('is several orders where one makes fewer, each under its own key, and found again by that', async () => {
    const up = connect();
    const many = call({ ...IMAGE, count: 6 }, { idempotencyKey: 'six' });
    const before = (await orders()).length;
    const { outputs, cost } = await done(up, many);
    expect([outputs.length, cost]).toEqual([6, 60_000]);
    const found = await up.find?.(many);
    const [second, first] = await orders();
    expect(found).toEqual({ upstreamId: `${first?.id} ${second?.id}` });
    // The whole order again gives the same jobs.
    expect((await done(connect(), many)).outputs).toHaveLength(6);
    expect((await orders()).length - before).toBe(2);
  });

  it('brings what came of several orders where no keys are honoured, with how many were lost', async () => {
    const double = await startHttpDouble(({ path }) =>
      path === '/picture'
        ? { body: PIXEL }
        : {
            body: {
              ...{ id: 'g1', status: 'completed', usage: { total_cost: 0.02 } },
              data: [{ url: `${double.url}/picture`, mime_type: 'image/png' }],
            },
          },
    );
    const up = provider({ base_url: double.url, api_key: 'k', dialect: 'getimg' });
    open.push(up);
    const route = 'POST /v2/images/generations';
    double.script(route, undefined, 'drop');
    const { outputs, cost, lostCalls } = await done(up, call({ ...IMAGE, count: 3 }));
    expect([outputs.length, cost, lostCalls, double.count(route)]).toEqual([1, 20_000, 1, 2]);
    await double.close();
  });

  it('is found again although its files were brought anew, by a process that knows nothing of the first', async () => {
    const edit = call({ ...IMAGE, sources: [PICTURE] }, { idempotencyKey: 'edit' });
    const first = await connect().submit(edit);
    const second = await connect().submit(edit);
    expect(second).toEqual(first);
    expect((await done(connect(), edit)).outputs).toHaveLength(1);
  });

  it('brings a file once', async () => {
    const up = connect();
    for (const idempotencyKey of ['first', 'second'])
      await up.submit(call({ ...IMAGE, sources: [PICTURE] }, { idempotencyKey }));
    const [one, other] = await orders();
    expect(one?.input.images).toEqual(other?.input.images);
    expect(one?.input.images).toEqual([expect.stringMatching(/^upl_/)]);
  });

  it('that never arrived is not found, and where nobody answers nothing is known', async () => {
    expect(await connect().find?.(call(IMAGE, { idempotencyKey: 'nowhere' }))).toBe('never_arrived');
    const away = provider({ base_url: 'http://127.0.0.1:1/v1', api_key: 'k' });
    expect(await away.find?.(call(IMAGE))).toBe('unknown');
    await expect(away.submit(call(IMAGE))).rejects.toMatchObject({ code: 'upstream_unavailable' });
    await away.close?.();
  });

  it('is refused where there is no such model, no such work, or no place for a source', async () => {
    const up = connect();
    const refused = { code: 'model_misconfigured', detail: { accepted: 'no' } };
    await expect(up.submit(call(IMAGE, { model: 'nope' }))).rejects.toMatchObject({
      code: 'model_misconfigured',
      detail: { routeDown: true },
    });
    const batch = { kind: 'batch', seed: 1, items: [] } as const;
    await expect(up.submit(call(batch))).rejects.toMatchObject({ code: 'model_misconfigured' });
    const sung = { ...IMAGE, sources: [{ ...PICTURE, role: 'audio' } as const] };
    await expect(up.submit(call(sung))).rejects.toMatchObject({ code: 'model_misconfigured' });
    const wrong = provider({ base_url: `${behind.url}/v1`, api_key: 'gl_live_wrong' });
    await expect(wrong.submit(call(IMAGE))).rejects.toMatchObject({
      ...refused,
      detail: { routeDown: true, accepted: 'no' },
    });
    await wrong.close?.();
  });
});
