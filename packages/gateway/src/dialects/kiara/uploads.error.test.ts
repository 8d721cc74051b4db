import { connect } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, caller, expectFault } from './testing.ts';

const CAP = 100_000;
let gateway: TestGateway;
let call: Call;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway({
    worker: false,
    config: `dialects:\n  kiara:\n    upload:\n      max_bytes: ${CAP}\n      max_pixels: 1000000\n`,
  });
  key = (await gateway.customer()).key.key;
  call = caller(gateway, key);
});
afterAll(() => gateway.close());

const form = (name: string, bytes: Uint8Array<ArrayBuffer> | string, file = 'x.png') => {
  const data = new FormData();
  data.append(name, new Blob([bytes]), file);
  return data;
};
/** A valid JPEG of exactly this size: what follows its end marker is not part of the picture. */
const jpegOf = async (size: number) => {
  const jpeg = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#a33' } })
    .jpeg()
    .toBuffer();
  const bytes = new Uint8Array(size);
  bytes.set(jpeg);
  return bytes;
};
const jpeg = { 'content-type': 'image/jpeg' };

describe('an upload', () => {
  provokes('kiara', 'invalid_image@400', 'text named x.png, half a JPEG, nothing', async () => {
    expectFault(await call('POST', '/v1/uploads', form('file', 'not a picture')), 'invalid_image@400');
    const noise = Uint8Array.from({ length: 200 * 200 * 3 }, (_, n) => (n * 7919) % 251);
    const whole = await sharp(noise, { raw: { width: 200, height: 200, channels: 3 } })
      .jpeg()
      .toBuffer();
    const half = new Uint8Array(whole.subarray(0, whole.length / 2));
    expectFault(await call('POST', '/v1/uploads', form('file', half)), 'invalid_image@400');
    expectFault(await call('POST', '/v1/uploads', half, jpeg), 'invalid_image@400');
    expectFault(await call('POST', '/v1/uploads', new Uint8Array(0), jpeg), 'invalid_image@400');
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
    expectFault(
      await call('POST', '/v1/uploads', svg, { 'content-type': 'image/svg+xml' }),
      'invalid_image@400',
    );
  });

  provokes('kiara', 'image_too_large@400', 'one byte over the cap, too many pixels', async () => {
    const fits = await jpegOf(CAP);
    expect((await call('POST', '/v1/uploads', fits, jpeg)).status).toBe(201);
    expect((await call('POST', '/v1/uploads', form('file', fits))).status).toBe(201);
    const over = await jpegOf(CAP + 1);
    expectFault(await call('POST', '/v1/uploads', over, jpeg), 'image_too_large@400');
    expectFault(await call('POST', '/v1/uploads', form('file', over)), 'image_too_large@400');
    const wide = await sharp({ create: { width: 1001, height: 1000, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    expectFault(
      await call('POST', '/v1/uploads', new Uint8Array(wide), { 'content-type': 'image/png' }),
      'image_too_large@400',
    );
  });

  it('far over the cap is answered, and the connection goes on', async () => {
    const huge = new Uint8Array(40 * CAP);
    for (const body of [huge, form('file', huge)]) {
      const headers = body === huge ? jpeg : {};
      expectFault(await call('POST', '/v1/uploads', body, headers), 'image_too_large@400');
    }
    expect((await call('GET', '/v1/balance')).status).toBe(200);
  });

  it('without a file part, or of another type, is an invalid request', async () => {
    for (const [body, headers] of [
      [form('picture', 'x'), {}],
      [new FormData(), {}],
      ['{}', {}],
      ['x', { 'content-type': 'video/mp4' }],
      ['x', { 'content-type': 'multipart/form-data' }],
      ['--x\r\nbroken', { 'content-type': 'multipart/form-data; boundary=x' }],
    ] as const)
      expectFault(await call('POST', '/v1/uploads', body, headers), 'invalid_request@400');
    expectFault(await call('POST', '/v1/uploads'), 'invalid_request@400');
  });

  it('whose part called file is plain text has no file', async () => {
    const data = new FormData();
    data.append('file', 'words');
    expectFault(await call('POST', '/v1/uploads', data), 'invalid_request@400');
  });

  it('that breaks off leaves nothing behind, and the server well', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const closed = new Promise((over) => socket.once('close', over));
    socket.on('error', () => {});
    const head = `POST /kiara/v1/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n`;
    socket.write(`${head}Content-Type: image/png\r\nContent-Length: 5000\r\n\r\nabc`, () => socket.destroy());
    await closed;
    expect((await call('GET', '/v1/balance')).status).toBe(200);
  });
});
