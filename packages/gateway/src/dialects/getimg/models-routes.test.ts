import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, caller, customer, expectFault } from './testing.ts';

let gateway: TestGateway;
let call: Call;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
  ({ call } = await customer(gateway, { credit_usd: '0' }));
});
afterAll(() => gateway.close());

const idsOf = async (query = '') => {
  const { status, text } = await call('GET', `/v2/models${query}`);
  expect(status).toBe(200);
  return (JSON.parse(text) as { id: string }[]).map(({ id }) => id);
};

const IMAGES = [
  'gemini-3-1-flash-image',
  'gemini-3-1-flash-lite-image',
  'seedream-4-5',
  'seedream-5-0-lite',
  'seedream-5-lite',
  'z-image-turbo',
];
const VIDEOS = ['seedance-v1-5-pro', 'seedance-v1-pro'];

describe('the list of models', () => {
  it('is a bare array in a stable order, and free', async () => {
    const { text, headers } = await call('GET', '/v2/models');
    const list: unknown = JSON.parse(text);
    expect(Array.isArray(list)).toBe(true);
    for (const model of list as object[])
      expect(model).toEqual({
        id: expect.any(String),
        name: expect.stringMatching(/\S/),
        type: expect.stringMatching(/^(image|video)$/),
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00\.000Z$/),
      });
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    expect(await idsOf()).toEqual([...IMAGES, ...VIDEOS]);
    expect((await call('HEAD', '/v2/models')).status).toBe(200);
  });

  it('can be asked for one type', async () => {
    expect(await idsOf('?type=image')).toEqual(IMAGES);
    expect(await idsOf('?type=video&other=1')).toEqual(VIDEOS);
  });

  it('leaves out what cannot be run now', async () => {
    const patch = (body: object) => gateway.admin('PATCH', '/models/getimg/seedance-v1-pro', body);
    for (const change of [
      { status: 'paused' },
      { status: 'inactive' },
      { billable: false },
      { routes: [] },
    ]) {
      await patch(change);
      expect(await idsOf('?type=video')).toEqual(['seedance-v1-5-pro']);
      await patch({ status: null, billable: null, routes: null });
    }
    expect(await idsOf('?type=video')).toEqual(VIDEOS);
  });

  provokes('getimg', 'invalid_parameter@400', 'a type that is none', async () => {
    for (const query of ['type=audio', 'type=', 'type=Image', 'type=image&type=video', 'type=__proto__'])
      expectFault(await call('GET', `/v2/models?${query}`), 'invalid_parameter@400', 'type');
  });

  provokes('getimg', 'invalid_api_key@401', 'asked for without a key', async () => {
    expectFault(await caller(gateway)('GET', '/v2/models?type=audio'), 'invalid_api_key@401');
  });

  it('cannot be written', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expectFault(await call(method, '/v2/models'), 'not_found@404');
  });
});
