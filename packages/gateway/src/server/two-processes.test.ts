import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../telemetry/log.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { startGateway } from './start.ts';

/* Two gateways on one database stand for two processes. */

let here: TestGateway;
let there: TestGateway;
beforeEach(async () => {
  here = await startTestGateway();
  there = await startTestGateway({ dataDir: here.dataDir, worker: false });
});
afterEach(async () => {
  await there.close();
  await here.close();
});

const MODEL = '/models/kiara/kiara-vogue';
const statusAt = (gateway: TestGateway) => gateway.core.models.find('kiara', 'kiara-vogue')?.status;

it('what the operator changes of a model holds in both, and so does taking it back', async () => {
  await here.admin('PATCH', MODEL, { status: 'paused' });
  expect(statusAt(here)).toBe('paused');
  await expect.poll(() => statusAt(there), { interval: 5, timeout: 10_000 }).toBe('paused');
  await there.admin('DELETE', MODEL);
  expect(statusAt(there)).toBe('active');
  await expect.poll(() => statusAt(here), { interval: 5, timeout: 10_000 }).toBe('active');
});

it('changes of one model that come to both at once lose nothing of each other', async () => {
  await Promise.all([
    here.admin('PATCH', MODEL, { status: 'paused' }),
    there.admin('PATCH', MODEL, { billable: false }),
    here.admin('PATCH', MODEL, { input_field: 'video' }),
  ]);
  const changed = { status: 'paused', billable: false, inputField: 'video' };
  expect(await here.core.store.modelOverrides()).toMatchObject([{ patch: changed }]);
  for (const { core } of [here, there])
    await expect
      .poll(() => core.models.find('kiara', 'kiara-vogue'), { interval: 5, timeout: 10_000 })
      .toMatchObject(changed);
});

it('one of two lists of routes that are made of the same one at both at once is refused', async () => {
  const list = (model: string) => [{ provider: 'sandbox', model }];
  await here.admin('PATCH', MODEL, { routes: list('a') });
  const routesAt = (gateway: TestGateway) => gateway.core.models.find('kiara', 'kiara-vogue')?.routes;
  await expect.poll(() => routesAt(there), { interval: 5, timeout: 10_000 }).toEqual(list('a'));
  const answers = await Promise.all(
    [here, there].map((gateway, n) =>
      gateway.admin('PATCH', MODEL, { routes: list(`b${n}`), if_routes: list('a') }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  const won = list(`b${answers.findIndex(({ status }) => status === 200)}`);
  const lost = answers[0]?.status === 409 ? here : there;
  expect([routesAt(lost), (await here.core.store.modelOverrides())[0]?.patch.routes]).toEqual([won, won]);
});

it('a route that one of them sets to a provider that the other does not have is told by the other', async () => {
  const warned = Promise.withResolvers<object>();
  const warn = (fields: object) => void ('count' in fields && warned.resolve(fields));
  const up = 'providers: { up: { type: openai-compatible, base_url: "http://127.0.0.1:9/v1" } }';
  const richer = await startTestGateway({ config: up });
  const poorer = await startTestGateway({ dataDir: richer.dataDir, log: { ...silentLog, warn } });
  try {
    const { status } = await richer.admin('PATCH', MODEL, { routes: [{ provider: 'up', model: 'm' }] });
    expect(status).toBe(200);
    expect(await warned.promise).toEqual({ routes: ['kiara/kiara-vogue: up/m'], count: 1 });
  } finally {
    await poorer.close();
    await richer.close();
  }
});

it('limits of an account that are changed at both at once are all kept', async () => {
  const { id } = await here.createAccount();
  const limits = { concurrent: 1, unfinished_jobs: 2, requests_per_minute: 3, reads_per_minute: 4 };
  await Promise.all(
    Object.entries(limits).map(([name, value], index) =>
      (index % 2 === 0 ? here : there).admin('PATCH', `/accounts/${id}`, { limits: { [name]: value } }),
    ),
  );
  expect((await there.admin('GET', `/accounts/${id}`)).body).toMatchObject({ limits });
});

it('the address of the one that started last is there for the commands, until that one ends', async () => {
  const { dataDir } = here;
  const start = () => startGateway({ dataDir, port: 0, env: {}, log: silentLog, worker: false });
  const address = () => readFile(join(dataDir, 'gateway.json'), 'utf8').catch(() => 'none');
  const [third, last] = [await start(), await start()];
  try {
    await third.close();
    expect(await address()).toContain(last.url);
  } finally {
    await last.close();
  }
  expect(await address()).toBe('none');
});
