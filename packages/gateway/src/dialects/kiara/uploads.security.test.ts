import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { B, caller, expectFault, idOf } from './testing.ts';

let gateway: TestGateway;
let png: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
  png = new Uint8Array(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .png()
      .toBuffer(),
  );
});
afterAll(() => gateway.close());

describe('an upload', () => {
  it('needs a key', async () => {
    const answer = await caller(gateway)('POST', '/v1/uploads', png, { 'content-type': 'image/png' });
    expectFault(answer, 'authentication_failed@401');
  });

  it('can be read and worked on by its account and mode alone', async () => {
    const owner = await gateway.customer();
    const mine = caller(gateway, owner.key.key);
    const upload = await mine('POST', '/v1/uploads', png, { 'content-type': 'image/png' });
    const url = String(upload.json.url);
    const test = caller(gateway, (await gateway.createKey(owner.id, { mode: 'test' })).key);
    const theirs = caller(gateway, (await gateway.customer()).key.key);
    const job = { ...B, product: 'kiara-edit', source_image_url: url };
    for (const call of [test, theirs]) {
      expectFault(await call('GET', `/v1/uploads/${idOf(upload)}/content`), 'not_found@404');
      expectFault(await call('POST', '/v1/generations', job), 'invalid_request@400', 'source_image_url');
    }
    expectFault(await mine('GET', `/v1/assets/${idOf(upload)}/content`), 'not_found@404');
    const created = await mine('POST', '/v1/generations', job);
    expect(created.status).toBe(202);
    expect(created.text).not.toContain('asset:');
  });

  it('is served so that no browser takes it for a page', async () => {
    const call = caller(gateway, (await gateway.customer()).key.key);
    const upload = await call('POST', '/v1/uploads', png, { 'content-type': 'text/html; image/png' });
    expectFault(upload, 'invalid_request@400');
    const good = await call('POST', '/v1/uploads', png, { 'content-type': 'image/png' });
    const content = await call('GET', `/v1/uploads/${idOf(good)}/content`);
    expect(content.headers.get('content-type')).toBe('image/png');
    expect(content.headers.get('x-content-type-options')).toBe('nosniff');
    expect(content.headers.get('cache-control')).toBe('private, max-age=3600');
  });
});
