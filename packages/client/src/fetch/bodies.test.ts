import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BadServer,
  drop,
  dropAfterWork,
  refuse,
  startBadServer,
  well,
} from '../../testing/bad-server.ts';
import { CREATE, callerOf } from '../../testing/calls.ts';
import { createFetch } from '../index.ts';

let server: BadServer;
let call: ReturnType<typeof callerOf>['call'];
beforeAll(async () => {
  server = await startBadServer();
  ({ call } = callerOf(server));
});
afterAll(() => server.close());

describe('a body', () => {
  const bytes = () => server.arrivals.map(({ body }) => body);

  it('is the same in every attempt, whatever it is made of', async () => {
    const form = new FormData();
    form.set('file', new Blob(['abc']), 'a.txt');
    const typed = new TextEncoder().encode('"bytes"');
    const bodies: NonNullable<RequestInit['body']>[] = [
      'text',
      form,
      typed,
      new Blob(['blob'], { type: 'image/png' }),
      new URLSearchParams({ a: '1' }),
    ];
    for (const body of bodies) {
      const onRetry = () => void typed.fill(0);
      expect(
        (await call('kiara', [drop, refuse(429, '')], { onRetry }, { method: 'POST', body })).posts,
      ).toBe(3);
      expect(new Set(bytes()).size).toBe(1);
      expect(new Set(server.arrivals.map(({ type }) => type)).size).toBe(1);
    }
  });

  it('may come in a Request, which is read once', async () => {
    server.next(drop);
    const request = new Request(server.url + CREATE.native, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'x-own': '1' },
    });
    expect((await createFetch({ dialect: 'native', sleep: async () => {} })(request)).status).toBe(200);
    expect(bytes()).toEqual(['{"a":1}', '{"a":1}']);
    expect(server.arrivals[1]?.type).toBe('application/json');
  });

  it.each([
    ['a web stream', () => new Blob(['{"a":1}']).stream()],
    [
      'an iterable',
      async function* () {
        yield new TextEncoder().encode('{"a":1}');
      },
    ],
  ])('that is %s is sent once and never again', async (_name, make) => {
    const init = () => ({ method: 'POST', body: make(), duplex: 'half' }) as RequestInit;
    expect(await call('kiara', [dropAfterWork], {}, init())).toEqual({
      posts: 1,
      paid: 1,
      end: 'outcome_unknown',
    });
    expect(await call('kiara', [refuse(429, '')], {}, init())).toEqual({ posts: 1, paid: 0, end: 429 });
    expect(await call('kiara', [well], {}, init())).toEqual({ posts: 1, paid: 1, end: 200 });
    expect(bytes()).toEqual(['{"a":1}']);
  });
});
