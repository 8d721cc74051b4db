import { afterEach, describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../telemetry/log.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const start = async (config: string, log: Log = silentLog): Promise<string> => {
  gateway = await startTestGateway({ config, log });
  return (await gateway.customer()).key.key;
};
const fault = (effect: string, times = 1) =>
  gateway.admin('POST', '/faults', { point: 'limiter', effect, times });
const call = async (path: string, key: string, method = 'GET'): Promise<number> =>
  (await fetch(`${gateway.url}${path}`, { method, headers: { authorization: `Bearer ${key}` } })).status;

const READ = '/kiara/v1/balance';
const WRITE = '/kiara/v1/generations';

describe('while the rate limiter cannot be reached', () => {
  it.each(['error', 'down', 'timeout'])('nothing passes by default: %s', async (effect) => {
    const key = await start('');
    await fault(effect);
    expect(await call(READ, key)).toBe(503);
    expect(await call(READ, key)).toBe(200);
  });

  it.each(['error', 'down', 'timeout'])('calls pass where the operator chose so: %s', async (effect) => {
    const key = await start('limits: { when_unreachable: allow }');
    await fault(effect);
    expect(await call(READ, key)).toBe(200);
  });

  it('each limit does as it was told', async () => {
    const key = await start(`
limits: { when_unreachable: allow }
dialects: { kiara: { limits: { when_unreachable: { requests_per_minute: refuse } } } }
`);
    await fault('down', 3);
    expect(await call(READ, key)).toBe(200);
    expect(await call(WRITE, key, 'POST')).toBe(503);
    expect(await call('/v1/models', key)).toBe(200);
  });

  it('a dialect can be open as a whole', async () => {
    const key = await start('dialects: { kiara: { limits: { when_unreachable: allow } } }');
    await fault('down', 2);
    expect(await call(WRITE, key, 'POST')).not.toBe(503);
    expect(await call('/v1/models', key)).toBe(503);
  });

  it('is told once in a while, and counted each time', async () => {
    const lines: unknown[] = [];
    const log: Log = { ...silentLog, error: (...line) => void lines.push(line) };
    const key = await start('limits: { when_unreachable: allow }', log);
    await fault('down', 3);
    for (let n = 0; n < 3; n += 1) expect(await call(READ, key)).toBe(200);
    expect(lines).toMatchObject([
      [
        { dialect: 'kiara', limit: 'reads_per_minute', choice: 'allow', calls: 1 },
        'the rate limiter cannot be reached',
      ],
    ]);
    const metrics = await fetch(`${gateway.url}/metrics`, {
      headers: { authorization: `Bearer ${gateway.adminToken}` },
    });
    expect(await metrics.text()).toContain(
      'genlock_limiter_unreachable_total{dialect="kiara",limit="reads_per_minute",choice="allow"} 3',
    );
  });
});
