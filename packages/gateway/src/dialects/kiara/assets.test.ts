import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { B, type Call, caller, ended, expectFault, idOf } from './testing.ts';

let gateway: TestGateway;
let owner: string;
let call: Call;
let path: string;
let size: number;
let now = Date.now();
beforeAll(async () => {
  gateway = await startTestGateway({ now: () => now });
  const made = await gateway.customer();
  owner = made.id;
  call = caller(gateway, made.key.key);
  const done = await ended(gateway, call, idOf(await call('POST', '/v1/generations', B)));
  const result = done.json.result as { asset_id: string; bytes: number };
  path = `/v1/assets/${result.asset_id}/content`;
  size = result.bytes;
});
afterAll(() => gateway.close());

describe('the content of an asset', () => {
  it('has its type, its length and a strong tag', async () => {
    const answer = await call('GET', path);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(size),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=3600',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
      'x-request-id': expect.stringMatching(/^req_/),
      'x-ratelimit-limit': '600',
    });
  });

  it('answers HEAD, ranges and tags', async () => {
    const head = await call('HEAD', path);
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', String(size)]);
    const part = await call('GET', path, undefined, { range: 'bytes=1-3' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 1-3/${size}`]);
    const tag = head.headers.get('etag') ?? '';
    expect((await call('GET', path, undefined, { 'if-none-match': tag })).status).toBe(304);
  });

  it('has nothing outside of itself', async () => {
    const answer = await call('GET', path, undefined, { range: `bytes=${size}-` });
    expectFault(answer, 'invalid_request@400', 'Range');
  });

  it('does not exist for another account, the other mode, or under the path of uploads', async () => {
    const test = caller(gateway, (await gateway.createKey(owner, { mode: 'test' })).key);
    const theirs = caller(gateway, (await gateway.customer()).key.key);
    for (const other of [test, theirs]) expectFault(await other('GET', path), 'not_found@404');
    expectFault(await call('GET', path.replace('assets', 'uploads')), 'not_found@404');
    expectFault(await call('GET', '/v1/assets/asset_01J00000000000000000000000/content'), 'not_found@404');
    expectFault(await caller(gateway)('GET', path), 'authentication_failed@401');
  });

  it('is unavailable while its store is', async () => {
    await gateway.admin('POST', '/faults', { point: 'assets.read', effect: 'error' });
    expectFault(await call('GET', path), 'service_unavailable@503');
    expect((await call('GET', path)).status).toBe(200);
  });

  it('is gone after its time', async () => {
    now += 30 * 86_400_000 - 60_000;
    expect((await call('GET', path)).status).toBe(200);
    now += 120_000;
    expectFault(await call('GET', path), 'not_found@404');
  });
});
