import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, caller, idOf } from './testing.ts';

let gateway: TestGateway;
let call: Call;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway({ worker: false });
  key = (await gateway.customer()).key.key;
  call = caller(gateway, key);
});
afterAll(() => gateway.close());

const picture = (format: 'jpeg' | 'png' | 'webp') =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#a33' } })
    .toFormat(format)
    .toBuffer();

describe('an upload', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('of a %s as a part called file', async (format) => {
    const bytes = await picture(format);
    const form = new FormData();
    form.append('note', 'ignored');
    form.append('file', new Blob([new Uint8Array(bytes)]), 'anything.bin');
    const answer = await call('POST', '/v1/uploads', form);
    expect(answer.status).toBe(201);
    const id = idOf(answer);
    const created = String(answer.json.created_at);
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^upl_[0-9A-HJKMNP-TV-Z]{26}$/),
      object: 'upload',
      url: `${gateway.url}/kiara/v1/uploads/${id}/content`,
      content_type: `image/${format}`,
      bytes: bytes.length,
      width: 40,
      height: 30,
      created_at: created,
      expires_at: new Date(Date.parse(created) + 30 * 86_400_000).toISOString(),
    });
    expect(answer.headers.get('location')).toBe(`/kiara/v1/uploads/${id}/content`);
  });

  it('of the bytes themselves, which come back as they were', async () => {
    const bytes = await picture('jpeg');
    const answer = await call('POST', '/v1/uploads', bytes, { 'content-type': 'image/jpeg' });
    const content = await fetch(String(answer.json.url), { headers: { authorization: `Bearer ${key}` } });
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await call('GET', `/v1/uploads/${idOf(answer)}/content`, undefined, { range: 'bytes=0-2' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 0-2/${bytes.length}`);
  });

  it('may declare what it likes: what counts is what it is', async () => {
    const answer = await call('POST', '/v1/uploads', await picture('png'), {
      'content-type': 'image/x-icon',
    });
    expect([answer.status, answer.json.content_type]).toEqual([201, 'image/png']);
  });
});
