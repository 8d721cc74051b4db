import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { startTestGateway } from '../testing/gateway.ts';

it('that breaks off is no mistake of the server', async () => {
  const complaints: object[] = [];
  const gone = Promise.withResolvers<void>();
  const line = (fields: object) => 'gone' in fields && gone.resolve();
  const gateway = await startTestGateway({
    worker: false,
    log: { debug: line, info: line, warn: line, error: (fields) => complaints.push(fields) },
  });
  try {
    const { key } = await gateway.customer({ dialect: 'native' });
    const { port, host } = new URL(gateway.url);
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    const head = `POST /v1/uploads HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${key.key}\r\nContent-Type: image/png\r\nContent-Length: 500\r\n\r\n`;
    socket.write(`${head}\x89PNG`, () => socket.destroy());
    await gone.promise;
  } finally {
    await gateway.close();
  }
  expect(complaints).toEqual([]);
});

it.each([
  ['native', '/v1/uploads'],
  ['skills-video', '/skills-video/api/v1/generation/google/nano-banana'],
])('that is refused half way leaves a connection good for the next request: %s', async (dialect, path) => {
  const gateway = await startTestGateway({ worker: false });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const { key } = await gateway.customer({ dialect });
    const send = (to: string, type: string, body: Buffer): Promise<{ status: number; reused: boolean }> =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${key.key}`, 'content-type': type };
        const sent = request(gateway.url + to, { method: 'POST', agent, headers }, async (response) => {
          await text(response);
          resolve({ status: response.statusCode ?? 0, reused: sent.reusedSocket });
        });
        sent.on('error', reject).end(body);
      });
    const part = (head: string, body: string) =>
      `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
    const many = Array.from({ length: 20 }, (_, n) => part(`name="f${n}"`, 'a\0b')).join('');
    const file = part('name="image_urls"; filename="a.png"', 'x'.repeat(3_000_000));
    const form = Buffer.from(`${many}${file}--b--\r\n`);
    expect(await send(path, 'multipart/form-data; boundary=b', form)).toMatchObject({ status: 400 });
    expect(await send('/nowhere', 'text/plain', Buffer.from('x'))).toEqual({ status: 404, reused: true });
  } finally {
    agent.destroy();
    await gateway.close();
  }
});
