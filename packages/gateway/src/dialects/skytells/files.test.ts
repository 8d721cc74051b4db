import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, caller, customer, expectFault, IMG, idOf } from './testing.ts';

let now = Date.now();
let gateway: TestGateway;
let call: Call;
let nobody: Call;
beforeAll(async () => {
  gateway = await startTestGateway({ now: () => now });
  call = (await customer(gateway)).call;
  nobody = caller(gateway);
});
afterAll(() => gateway.close());

const MINUTE = 60_000;
const made = async () => {
  const { json } = await call('POST', '/v1/predict', { ...IMG, await: true });
  const [output] = json.output as [string];
  return { id: json.id as string, output, path: output.slice(`${gateway.url}/skytells`.length) };
};

describe('the link of a file', () => {
  it('needs no key, takes ranges and HEAD, and may be read by web pages', async () => {
    const { path } = await made();
    const whole = await nobody('GET', path);
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(whole.headers.get('access-control-allow-origin')).toBe('*');
    expect(whole.headers.get('cache-control')).toBe('no-store');
    const part = await nobody('GET', path, undefined, { range: 'bytes=0-7' });
    expect([part.status, part.headers.get('content-length')]).toEqual([206, '8']);
    const head = await nobody('HEAD', path);
    expect([head.status, head.headers.get('content-length')]).toEqual([
      200,
      whole.headers.get('content-length'),
    ]);
  });

  it('lives five minutes; then the file and the input are gone, and the rest stays', async () => {
    const { id, path } = await made();
    now += 5 * MINUTE - 1000;
    expect((await nobody('GET', path)).status).toBe(200);
    now += 1000;
    expectFault(await nobody('GET', path), 'ENDPOINT_NOT_FOUND@404');
    expect((await call('GET', `/v1/predictions/${id}`)).json).toMatchObject({
      id,
      status: 'succeeded',
      input: {},
      output: null,
      data_removed: true,
      metadata: { billing: { credits_used: 0.03 }, storage: { files: [] }, data_available: false },
    });
  });

  it('lives as long as the operator says', async () => {
    const short = await startTestGateway({
      config: 'dialects:\n  skytells:\n    asset_ttl: 1h\n',
      now: () => now,
    });
    const { call: mine } = await customer(short);
    const { json } = await mine('POST', '/v1/predict', { ...IMG, await: true });
    const [output] = json.output as [string];
    now += 59 * MINUTE;
    expect((await fetch(output)).status).toBe(200);
    now += 2 * MINUTE;
    expect((await fetch(output)).status).toBe(404);
    await short.close();
  });

  provokes('skytells', 'ENDPOINT_NOT_FOUND@404', 'a link that is not exactly one of ours', async () => {
    const { path, id } = await made();
    const file = path.slice(path.lastIndexOf('/') + 1);
    for (const other of [
      path.replace('.png', '.jpg'),
      path.replace(/\d{4}\/\d\d\/\d\d/, '2020/01/01'),
      path.replace(file, `${id}-output.png`),
      path.replace(file, `${crypto.randomUUID()}-output.png`),
      `${path}/`,
      '/delivery/',
      '/delivery/..%2f..%2fgenlock.db',
      '/delivery/%00',
    ])
      expectFault(await nobody('GET', other), 'ENDPOINT_NOT_FOUND@404');
  });

  it('answers a range outside with 416, which no client takes for a file that is gone', async () => {
    const { path } = await made();
    const outside = await nobody('GET', path, undefined, { range: 'bytes=99999999-' });
    expect([outside.status, outside.headers.get('content-type')]).toEqual([
      416,
      'application/json; charset=utf-8',
    ]);
    expect(outside.json).toMatchObject({
      status: false,
      error: { http_status: 416, error_id: 'INVALID_PARAMETER', details: { parameter: 'Range' } },
    });
  });

  it('that failed keeps its story when its input is gone', async () => {
    const steering = { 'genlock-sandbox': 'error=content_rejected' };
    const failed = await call('POST', '/v1/predict', { ...IMG, await: true }, steering);
    expect(failed.json).toMatchObject({ input: IMG.input });
    expect(failed.json).not.toHaveProperty('data_removed');
    now += 5 * MINUTE;
    expect((await call('GET', `/v1/predictions/${idOf(failed)}`)).json).toMatchObject({
      input: {},
      data_removed: true,
      error: 'NSFW content detected.',
    });
  });
});
