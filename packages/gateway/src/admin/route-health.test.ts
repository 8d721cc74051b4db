import { afterAll, beforeAll, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { scripted } from '../testing/scripted-provider.ts';
import { expectProblem, orderImage } from './testing.ts';

interface Health {
  readonly provider: string;
  readonly model: string;
}

let gateway: TestGateway;
const bad = scripted('bad', [
  () => {
    throw new GenlockError('upstream_unavailable');
  },
]);
beforeAll(async () => {
  gateway = await startTestGateway({
    providers: [bad],
    config: `
retries: { attempts_per_route: 2 }
route_health: { min_calls: 2 }
providers: { spare: { type: sandbox } }
models: { kiara/kiara-vogue: { routes: [{ provider: spare, model: kiara-vogue }] } }
`,
  });
});
afterAll(() => gateway.close());

const routes = async (query = '') =>
  (await gateway.admin<{ data: Health[] }>('GET', `/routes${query}`)).body.data;

it('tells of every route that a model has', async () => {
  expect(await routes('?provider=spare')).toEqual([
    {
      provider: 'spare',
      model: 'kiara-vogue',
      state: 'closed',
      failure_ratio: 0,
      calls: 0,
      open_until: null,
      rest_until: null,
      cause: null,
      in_flight: 0,
    },
  ]);
  const names = (await routes()).map(({ provider, model }) => `${provider}/${model}`);
  expect(new Set(names).size).toBe(names.length);
});

it('tells which are left alone and why, and uses them again', async () => {
  const two = [
    { provider: 'bad', model: 'black-forest/flux 1' },
    { provider: 'spare', model: 'kiara-vogue' },
  ];
  await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { routes: two });
  const { key } = await gateway.customer();
  const id = await orderImage(gateway, key.key);
  await expect
    .poll(async () => (await gateway.admin('GET', `/generations/${id}`)).body.status, { timeout: 20_000 })
    .toBe('succeeded');
  expect(await routes('?provider=bad')).toEqual([
    {
      provider: 'bad',
      model: 'black-forest/flux 1',
      state: 'open',
      failure_ratio: 0,
      calls: 0,
      open_until: expect.stringMatching(/^\d{4}-.*Z$/),
      rest_until: null,
      cause: 'upstream_unavailable',
      in_flight: 0,
    },
  ]);
  const path = `/routes/bad/${encodeURIComponent('black-forest/flux 1')}/reset`;
  expect(await gateway.admin('POST', path)).toMatchObject({ status: 200, body: { state: 'closed' } });
  expect(await routes('?provider=bad')).toMatchObject([{ state: 'closed' }]);
});

it('knows nothing of routes that nobody has', async () => {
  expect(await routes('?provider=nobody')).toEqual([]);
  const unknown = await gateway.admin<{ detail: string }>('POST', '/routes/nobody/m/reset');
  expectProblem(unknown, 404);
  expect(unknown.body.detail).toBe('No model has the route nobody/m.');
  expectProblem(await gateway.admin('POST', '/routes/spare/kiara-vogue'), 404);
  expectProblem(await gateway.admin('POST', '/routes/spare/reset'), 404);
  expectProblem(await gateway.admin('GET', '/routes?state=open'), 422, 'state');
});
