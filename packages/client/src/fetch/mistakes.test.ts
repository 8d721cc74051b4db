import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BadServer, startBadServer } from '../../testing/bad-server.ts';
import { createClient, createFetch, createLLMTuneClient } from '../index.ts';

let server: BadServer;
beforeAll(async () => {
  server = await startBadServer();
});
afterAll(() => server.close());

const post = (init: RequestInit = {}): RequestInit => ({ method: 'POST', body: '{}', ...init });
const client = () => createClient({ baseUrl: `${server.url}/v1`, apiKey: 'k' });
const order = { model: 'genlock/image', input: { prompt: 'x' } } as const;

describe('a mistake of the caller is a TypeError at once, and nothing is sent', () => {
  it.each<[string, string, RequestInit]>([
    ['an empty key', '', post({ headers: { 'Idempotency-Key': '' } })],
    ['a key of blanks', '', post({ headers: { 'Idempotency-Key': '  ' } })],
    ['a stream without duplex', '', post({ body: new Blob(['x']).stream() })],
    ['a GET with a body', '', { body: '{}' }],
    ['a header that cannot be sent', '', post({ headers: { 'x-name': 'žluť' } })],
    ['a URL without a scheme', 'relative', post()],
  ])('%s', async (_name, kind, init) => {
    server.next();
    const retried: unknown[] = [];
    const send = createFetch({ dialect: 'kiara', onRetry: (told) => retried.push(told) });
    const url = kind === 'relative' ? '/v1/generations' : `${server.url}/v1/generations`;
    await expect(send(url, init)).rejects.toBeInstanceOf(TypeError);
    expect([server.arrivals.length, retried.length]).toEqual([0, 0]);
  });

  it('a `fetch` of the caller may know what a URL is relative to', async () => {
    const fetch = async (url: unknown) => Response.json({ url });
    const answer = await createFetch({ dialect: 'kiara', fetch })('/v1/generations', post());
    expect(await answer.json()).toEqual({ url: '/v1/generations' });
  });

  it('of typed clients too', async () => {
    server.next();
    const { generations } = client();
    await expect(generations.create(order, { idempotencyKey: '' })).rejects.toBeInstanceOf(TypeError);
    const nowhere = createClient({ baseUrl: 'api.test/v1', apiKey: 'k' });
    await expect(nowhere.generations.create(order)).rejects.toBeInstanceOf(TypeError);
    await expect(nowhere.generations.wait('gen_1')).rejects.toBeInstanceOf(TypeError);
    // As JavaScript allows it to be written.
    for (const none of [{ id: 'gen_1' }, undefined] as unknown as string[])
      await expect(generations.cancel(none)).rejects.toThrow('is no id');
    await expect(client().assets.upload('photo.png' as unknown as Blob)).rejects.toThrow('Blob or File');
    const follow = generations.stream('gen_1', { lastEventId: 'a\nb' });
    await expect(follow.next()).rejects.toBeInstanceOf(TypeError);
    const chat = createLLMTuneClient({ baseUrl: server.url, apiKey: 'k', headers: { 'x-name': 'ž' } }).chat;
    await expect(chat.create({ model: 'm', messages: [] })).rejects.toBeInstanceOf(TypeError);
    expect(server.arrivals).toHaveLength(0);
  });

  it('a deadline is a number of ms, and may be far away', async () => {
    for (const deadlineMs of [Number.NaN, -1])
      expect(() => createFetch({ dialect: 'kiara', deadlineMs })).toThrow(TypeError);
    for (const deadlineMs of [2 ** 31, 1e15, Number.POSITIVE_INFINITY]) {
      server.next();
      const send = createFetch({ dialect: 'skytells', deadlineMs });
      expect((await send(`${server.url}/v1/predictions`, post())).status).toBe(200);
    }
  });
});

describe('a Request', () => {
  it('of another realm is one', async () => {
    server.next();
    class Foreign {
      readonly #own: Request;
      constructor(own: Request) {
        this.#own = own;
      }
      get url() {
        return this.#own.url;
      }
      get method() {
        return this.#own.method;
      }
      get headers() {
        return this.#own.headers;
      }
      get body() {
        return this.#own.body;
      }
      get signal() {
        return this.#own.signal;
      }
      get redirect() {
        return this.#own.redirect;
      }
      arrayBuffer() {
        return this.#own.arrayBuffer();
      }
    }
    const own = new Request(`${server.url}/v1/generations`, post({ headers: { 'idempotency-key': 'mine' } }));
    await createFetch({ dialect: 'kiara' })(new Foreign(own) as unknown as Request);
    expect(server.arrivals).toMatchObject([{ method: 'POST', key: 'mine', body: '{}' }]);
  });

  it('whose body never ends is given up at the deadline, and by an abort', async () => {
    const endless = () =>
      new Request(`${server.url}/v1/generations`, {
        method: 'POST',
        body: new ReadableStream(),
        duplex: 'half',
      } as RequestInit);
    const inTime = createFetch({ dialect: 'kiara', deadlineMs: 30 });
    await expect(inTime(endless())).rejects.toMatchObject({ name: 'TimeoutError' });
    const reason = new Error('enough');
    const controller = new AbortController();
    const sent = createFetch({ dialect: 'kiara' })(endless(), { signal: controller.signal });
    controller.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });
});
