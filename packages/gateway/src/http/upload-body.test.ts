import { connect } from 'node:net';
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
