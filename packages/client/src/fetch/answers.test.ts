import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { type BadServer, drop, refuse, startBadServer } from '../../testing/bad-server.ts';
import { CREATE, callerOf } from '../../testing/calls.ts';
import { createFetch, type DialectName } from '../index.ts';

const HTML = '<h1>Bad gateway</h1>';

let server: BadServer;
let call: ReturnType<typeof callerOf>['call'];
beforeAll(async () => {
  server = await startBadServer();
  ({ call } = callerOf(server));
});
afterAll(() => server.close());

describe('what costs nothing', () => {
  it.each<[DialectName, string, string]>([
    ['getimg', 'GET', '/v2/models'],
    ['skytells', 'DELETE', '/v1/predictions/x'],
    ['skytells', 'POST', '/v1/predictions/x/cancel'],
    ['kiara', 'POST', '/v1/quotes'],
    ['llmtune', 'POST', '/api/training/x/cancel'],
  ])('%s %s %s is sent again', async (dialect, method, path) => {
    for (const bad of [drop, refuse(502, HTML), refuse(503, ''), refuse(429, '')])
      expect((await call(dialect, [bad, bad, bad], {}, { method }, path)).end).toBe(200);
  });

  it('throws what fetch throws when it does not get through', async () => {
    expect(await call('kiara', Array(9).fill(drop), {}, {}, '/v1/balance')).toMatchObject({
      posts: 4,
      end: 'TypeError',
    });
  });

  it('is not repeated where a repetition would do something', async () => {
    const rotate = '/v1/webhook-secret/rotate';
    expect(await call('native', [drop], {}, undefined, rotate)).toMatchObject({ posts: 1, end: 'TypeError' });
    expect(await call('native', [refuse(502, HTML)], {}, undefined, rotate)).toMatchObject({
      posts: 1,
      end: 502,
    });
  });
});

describe('an error that waiting does not mend', () => {
  it.each([
    [400, { error: { code: 'invalid_request', message: 'm' } }],
    [402, { error: { code: 'insufficient_balance', message: 'm' } }],
    [404, HTML],
    [409, { error: { code: 'product_paused', message: 'm' } }],
  ])('comes back untouched: %d', async (status, body) => {
    server.next(refuse(status, body));
    const response = await createFetch({ dialect: 'kiara' })(server.url + CREATE.kiara, {
      method: 'POST',
      body: '{}',
    });
    expect([response.status, response.bodyUsed, server.arrivals.length]).toEqual([status, false, 1]);
    expect(await response.text()).toBe(typeof body === 'string' ? body : JSON.stringify(body));
  });

  it('is also one that the server marks so', async () => {
    expect((await call('getimg', [refuse(429, '', { 'x-should-retry': 'false' })])).end).toBe(429);
  });
});

describe('createFetch', () => {
  it('has the type of fetch', () => {
    expectTypeOf(createFetch({ dialect: 'kiara' })).toExtend<typeof fetch>();
    expect(() => createFetch({ dialect: 'kiara', attempts: 0 })).toThrow(RangeError);
  });

  it('sends again, even without a key, what never left', async () => {
    const gone = await startBadServer();
    await gone.close();
    const tried: number[] = [];
    const send = createFetch({
      dialect: 'skytells',
      sleep: async () => {},
      onRetry: ({ attempt }) => tried.push(attempt),
    });
    await expect(send(`${gone.url}/v1/predict`, { method: 'POST', body: '{}' })).rejects.toBeInstanceOf(
      TypeError,
    );
    expect(tried).toEqual([1, 2, 3]);
  });
});
