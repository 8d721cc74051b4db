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

/** Sends bytes as they are, and gives all that came back. */
async function raw(bytes: string): Promise<{ status: number; head: string; body: string }> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
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
    for (let n = 0; n < 310; n++) statuses.add(await guess());
    expect([...statuses].sort()).toEqual([401, 429]);
    expect((await gateway.admin('POST', '/reconcile')).status).toBe(200);
  });
});
