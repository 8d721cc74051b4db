import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  key = (await gateway.customer()).key.key;
});
afterAll(() => gateway.close());

/** Sends bytes unchanged and returns everything that came back. */
async function raw(
  bytes: string,
  url = gateway.url,
): Promise<{ status: number; head: string; body: string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body };
}

describe('HTTP that is hardly HTTP, below a mount', () => {
  it('is answered in the words of the dialect when it lacks a Host', async () => {
    const { status, body } = await raw(
      `GET /kiara/v1/balance HTTP/1.1\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n\r\n`,
    );
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ object: 'balance' });
  });

  it.each([
    ['a header without a colon', 'GET /kiara/v1/balance HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n'],
    ['a method that is none, with a whole URL', 'FUZZ http://a.test/kiara/v1/balance HTTP/1.1\r\n\r\n'],
    ['a control character', 'M-SEARCH /kiara/v1/balance HTTP/1.1\r\nX: \x01\r\n\r\n'],
    ['headers without end', `GET /kiara/v1/balance HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`],
    [
      'two lengths',
      'POST /kiara/v1/generations HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    ],
  ])('is refused in the words of the dialect: %s', async (_, bytes) => {
    const { status, head, body } = await raw(bytes);
    expect(status).toBe(400);
    expect(head).toContain('content-type: application/json');
    expect(JSON.parse(body)).toMatchObject({
      error: { code: 'invalid_request', request_id: expect.stringMatching(/^req_/) },
    });
  });

  it('is refused in the words of the dialect when the body breaks off', async () => {
    const { status, body } = await raw(
      `POST /kiara/v1/generations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Length: 500\r\n\r\n{"a"`,
    );
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'invalid_request' } });
  });

  it('lets who sends far too much read the answer', async () => {
    const response = await fetch(`${gateway.url}/kiara/v1/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: 'x'.repeat(10_000_000),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request' } });
  });

  it('is a problem document elsewhere', async () => {
    const { status, body } = await raw('GET /nowhere HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n');
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ code: 'malformed_request' });
  });

  it('is read as a whole URL, whose host counts', async () => {
    const hosted = await startTestGateway({ worker: false, config: 'hosts:\n  kiara: kiara.example.com\n' });
    const whole = (url: string) =>
      raw(`GET ${url} HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n`, hosted.url);
    try {
      for (const url of ['http://a.test/kiara/v1/balance', 'HTTPS://kiara.example.com:80/v1/balance#a']) {
        const { status, body } = await whole(url);
        expect([status, JSON.parse(body).error?.code]).toEqual([401, 'authentication_failed']);
      }
      expect(JSON.parse((await whole('http://a.test?/kiara')).body)).toMatchObject({
        code: 'route_not_found',
      });
    } finally {
      await hosted.close();
    }
  });

  it('has no body when it was a HEAD', async () => {
    const { status, head, body } = await raw('HEAD /kiara/v1/balance HTTP/1.1\r\nnonsense\r\n\r\n');
    expect(status).toBe(400);
    expect(head).toMatch(/content-length: 0$/);
    expect(body).toBe('');
  });

  it.each(['%zz', '%', '%ff', 'gen_%00'])('asks for the key before it looks for %s', async (id) => {
    const path = `/kiara/v1/generations/${id}`;
    expect((await raw(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).status).toBe(401);
    const authorized = await raw(
      `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n\r\n`,
    );
    expect(authorized.status).toBe(404);
    expect(JSON.parse(authorized.body)).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('beside the APIs', () => {
  const send = (path: string, init: RequestInit) => fetch(gateway.url + path, init);

  it.each([
    ['a body that is no JSON', '{', 'application/json', 404],
    ['a body of any type', 'x', 'a/b', 404],
    ['a body that is too large', 'x'.repeat(300_000), 'text/plain', 400],
  ])('%s is no mistake of the server', async (_what, body, type, status) => {
    const response = await send('/nowhere', { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each(['/', '/docs', '/healthz'])(
    'a method that wants a type is no mistake of the server: %s',
    async (path) => {
      const response = await send(path, { method: 'QUERY' });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'malformed_request' });
    },
  );
});

describe('the probes', () => {
  it.each(['/healthz', '/readyz'])('answer to HEAD as to GET, without the body: %s', async (path) => {
    const whole = await fetch(gateway.url + path);
    const head = await fetch(gateway.url + path, { method: 'HEAD' });
    expect([whole.status, head.status]).toEqual([200, 200]);
    expect(head.headers.get('content-length')).toBe(String((await whole.text()).length));
    expect(await head.text()).toBe('');
  });
});

describe('the admin token', () => {
  it('cannot be guessed without end: guesses are counted by address', async () => {
    const guess = async (): Promise<number> => {
      const response = await fetch(`${gateway.url}/admin/v1/accounts/x`, {
        headers: { authorization: 'Bearer guess' },
      });
      await response.arrayBuffer();
      return response.status;
    };
    const statuses = new Set<number>();
    // Some tokens flow back meanwhile, more of them on a slow machine.
    for (let n = 0; n < 3_000 && !statuses.has(429); n++) statuses.add(await guess());
    expect([...statuses].sort()).toEqual([401, 429]);
    expect((await gateway.admin('POST', '/reconcile')).status).toBe(200);
  });
});
