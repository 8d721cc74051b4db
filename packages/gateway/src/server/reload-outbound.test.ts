import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { B, caller, idOf } from '../dialects/kiara/testing.ts';
import { type HttpDouble, startHttpDouble } from '../providers/upstream/testing/http-double.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

const HOOK = 'POST /hook';
const MINUTE_MS = 60_000;

let receiver: HttpDouble;
let gateway: TestGateway;
let answer: () => void;
beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  answer = resolve;
  receiver = await startHttpDouble(async () => {
    await promise;
    return { status: 204 };
  });
  gateway = await startTestGateway({ config: 'dialects: { kiara: { webhook: { timeout: 10m } } }\n' });
});
afterEach(async () => {
  vi.restoreAllMocks();
  answer();
  await gateway.close();
  await receiver.close();
});

/** Reads the configuration again, and runs at once what it delays by a minute. */
async function reloadAndWaitAMinute(): Promise<void> {
  const later = globalThis.setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms = 0) => {
    if (ms === MINUTE_MS) run();
    return later(ms === MINUTE_MS ? () => {} : run, ms);
  }) as typeof setTimeout);
  await appendFile(gateway.configFile, 'outbound: { allow: [10.1.0.0/16] }\n');
  await gateway.reload();
  vi.restoreAllMocks();
}

it('a webhook that its receiver takes long over is not cut by a change of the configuration', async () => {
  const { key } = await gateway.customer();
  const created = await caller(gateway, key.key)('POST', '/v1/generations', {
    ...B,
    webhook_url: `${receiver.url}/hook`,
  });
  await receiver.called(HOOK, 1);
  await reloadAndWaitAMinute();
  answer();
  const path = `/webhook-deliveries?generation_id=${idOf(created)}`;
  const deliveries = async () =>
    (await gateway.admin<{ data: { status: string; attempts: object[] }[] }>('GET', path)).body.data;
  await expect.poll(deliveries).toMatchObject([{ status: 'delivered', attempts: [{ status: 204 }] }]);
  expect(receiver.count(HOOK)).toBe(1);
});
