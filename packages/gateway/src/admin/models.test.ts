import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { expectProblem } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

interface Model {
  readonly dialect: string;
  readonly id: string;
  readonly price: { readonly unit: string; readonly usd: string };
}

const find = async (id: string, from = gateway) =>
  (await from.admin<{ data: Model[] }>('GET', '/models?dialect=kiara')).body.data.find(
    (one) => one.id === id,
  );

describe('GET /models', () => {
  it('shows every model of a dialect, with its price in dollars', async () => {
    const { status, body } = await gateway.admin<{ data: Model[] }>('GET', '/models?dialect=kiara');
    expect(status).toBe(200);
    expect(body.data.length).toBeGreaterThan(3);
    expect(Object.keys(body.data[0] ?? {})).toEqual([
      'dialect',
      'id',
      'kind',
      'status',
      'billable',
      'price',
      'routes',
      'input_field',
      'enterprise_only',
      'exclusive',
    ]);
    for (const { dialect, price } of body.data) {
      expect(dialect).toBe('kiara');
      expect(price).toMatchObject({ unit: expect.any(String), usd: expect.stringMatching(/^\d+(\.\d+)?$/) });
    }
    expect((await gateway.admin<{ data: Model[] }>('GET', '/models')).body.data).toEqual(
      expect.arrayContaining(body.data),
    );
  });

  it('shows all where the dialect is left empty', async () => {
    expect(await gateway.admin('GET', '/models?dialect=')).toEqual(await gateway.admin('GET', '/models'));
  });

  it('refuses unknown dialects and fields', async () => {
    const refused = await gateway.admin<{ detail: string }>('GET', '/models?dialect=nobody');
    expectProblem(refused, 422, 'dialect');
    expect(refused.body.detail).toMatch(
      /^There is no such dialect; there are getimg, kiara, llmtune, native, /,
    );
    expectProblem(await gateway.admin('GET', '/models?kind=image'), 422, 'kind');
  });
});

describe('PATCH /models/{dialect}/{id}', () => {
  const id = 'kiara-vogue';

  it('merges, holds at once, survives a restart, and null goes back', async () => {
    const before = await find(id);
    let running = await startTestGateway();
    try {
      const patch = async (body: object) => (await running.admin('PATCH', `/models/kiara/${id}`, body)).body;
      expect(await patch({ status: 'paused', billable: false })).toEqual({
        ...before,
        status: 'paused',
        billable: false,
      });
      expect(
        await patch({
          billable: null,
          routes: [],
          input_field: 'video_url',
          enterprise_only: ['seed'],
          exclusive: [['a', 'b']],
        }),
      ).toMatchObject({ status: 'paused', billable: true, routes: [], input_field: 'video_url' });
      running = await running.restart();
      expect(await find(id, running)).toMatchObject({
        status: 'paused',
        billable: true,
        routes: [],
        input_field: 'video_url',
        enterprise_only: ['seed'],
        exclusive: [['a', 'b']],
      });
      expect(await patch({ status: null, routes: null, enterprise_only: null, exclusive: null })).toEqual({
        ...before,
        input_field: 'video_url',
      });
      expect(await patch({ input_field: null })).toMatchObject({ input_field: null });
      expect((await running.admin('DELETE', `/models/kiara/${id}`)).body).toEqual(before);
    } finally {
      await running.close();
    }
  });

  it('takes weights and costs of routes, and tells them as they came', async () => {
    const cost = {
      unit: 'image',
      usd: '0.04',
      factors: { image_quality: { '4k': 1.5 } },
      round_to: '0.01',
    };
    const routes = [
      { provider: 'sandbox', model: 'a', weight: 3, cost },
      { provider: 'sandbox', model: 'a', weight: 0 },
    ];
    const { status, body } = await gateway.admin('PATCH', `/models/kiara/${id}`, { routes });
    expect({ status, routes: body.routes }).toEqual({ status: 200, routes });
    await gateway.admin('DELETE', `/models/kiara/${id}`);

    const ofText = [
      { provider: 'sandbox', model: 'b', cost: { unit: 'token', usd: '1', output_usd: '2.5' } },
    ];
    const text = await gateway.admin('PATCH', '/models/native/genlock%2Ftext', { routes: ofText });
    expect(text.body.routes).toEqual(ofText);
    await gateway.admin('DELETE', '/models/native/genlock%2Ftext');
  });

  it('loses nothing when two patches come at once', async () => {
    await Promise.all([
      gateway.admin('PATCH', '/models/kiara/kiara-edit', { status: 'paused' }),
      gateway.admin('PATCH', '/models/kiara/kiara-edit', { billable: false }),
    ]);
    expect(await find('kiara-edit')).toMatchObject({ status: 'paused', billable: false });
    await gateway.admin('DELETE', '/models/kiara/kiara-edit');
  });

  it('makes no new list of routes from one that has changed since', async () => {
    const list = (model: string) => [{ provider: 'sandbox', model, cost: { unit: 'image', usd: '0.04' } }];
    const patch = (body: object) => gateway.admin('PATCH', `/models/kiara/${id}`, body);
    await patch({ routes: list('a') });
    const outdated = await patch({ routes: list('c'), if_routes: list('b'), status: 'paused' });
    expect(outdated).toMatchObject({ status: 409, body: { code: 'invalid_state' } });
    expect(await find(id)).toMatchObject({ routes: list('a'), status: 'active' });
    const fresh = await patch({ routes: list('c'), if_routes: list('a') });
    expect(fresh).toMatchObject({ status: 200, body: { routes: list('c') } });
    await gateway.admin('DELETE', `/models/kiara/${id}`);
  });

  it.each([
    [{ status: 'off' }, 'status'],
    [{ billable: 'yes' }, 'billable'],
    [{ routes: [{ provider: 'nobody', model: 'm' }] }, 'routes[0].provider'],
    [{ routes: [{ provider: 'sandbox' }] }, 'routes[0].model'],
    [{ routes: ['sandbox/m'] }, 'routes[0]'],
    [{ routes: [{ provider: 'sandbox', model: 'm', weight: -1 }] }, 'routes[0].weight'],
    [{ routes: [{ provider: 'sandbox', model: 'm', weight: 0.5 }] }, 'routes[0].weight'],
    [
      { routes: [{ provider: 'sandbox', model: 'm', cost: { unit: 'image', usd: 0.04 } }] },
      'routes[0].cost.usd',
    ],
    [
      { routes: [{ provider: 'sandbox', model: 'm', cost: { unit: 'call', usd: '1', output_usd: '1' } }] },
      'routes[0].cost.output_usd',
    ],
    [
      {
        routes: [
          {
            provider: 'sandbox',
            model: 'm',
            cost: { unit: 'call', usd: '1', factors: { a: { b: 1.0001 } } },
          },
        ],
      },
      'routes[0].cost.factors',
    ],
    [
      { routes: [{ provider: 'sandbox', model: 'm', cost: { unit: 'second', usd: '1' } }] },
      'routes[0].cost.unit',
    ],
    [{ input_field: 7 }, 'input_field'],
    [{ enterprise_only: 'seed' }, 'enterprise_only'],
    [{ exclusive: [['a']] }, 'exclusive[0]'],
    [{ exclusive: [['a', 'a']] }, 'exclusive[0]'],
    [{ price: null }, 'price'],
  ])('refuses %j', async (body, param) => {
    expectProblem(await gateway.admin('PATCH', `/models/kiara/${id}`, body), 422, param);
  });

  it.each(['kiara/nothing', 'nobody/kiara-vogue', 'kiara/', 'kiara/a%2Fb%20c', 'kiara/__proto__'])(
    'knows no model %s',
    async (path) => {
      expectProblem(await gateway.admin('PATCH', `/models/${path}`, { status: 'paused' }), 404);
      expectProblem(await gateway.admin('DELETE', `/models/${path}`), 404);
    },
  );
});
