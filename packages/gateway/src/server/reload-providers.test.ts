import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { customer, ended, IMAGE, idOf } from '../dialects/native/testing.ts';
import { KEY, type ReplicateDouble, startReplicateDouble } from '../providers/replicate/testing/double.ts';
import type { Seen } from '../providers/upstream/testing/http-double.ts';
import { makeFile } from '../providers/upstream/testing/make-file.ts';
import { silentLog } from '../telemetry/log.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

const ORDER = 'POST /v1/models/acme/painter/predictions';
const ASK = 'GET /v1/predictions/p1';

let double: ReplicateDouble;
let gateway: TestGateway;
let told: [string, Record<string, unknown>][];

beforeEach(async () => {
  double = await startReplicateDouble({ hold: true });
  told = [];
});
afterEach(async () => {
  await gateway.close();
  await double.close();
});

const routed = (route: string): string => `models: { native/genlock/image: { routes: [${route}] } }\n`;
const upstream = (key = KEY): string =>
  `providers: { up: { type: replicate, base_url: "${double.baseUrl}", api_key: ${key}, poll_interval: 10ms } }\n`;
const UP = routed('up/acme/painter');

async function begin(config: string): Promise<void> {
  const note = (level: string) => (fields: object) => void told.push([level, { ...fields }]);
  const log = { ...silentLog, info: note('info'), warn: note('warn'), error: note('error') };
  gateway = await startTestGateway({ config, log });
}

async function reload(config: string): Promise<void> {
  await writeFile(gateway.configFile, config);
  await gateway.reload();
}

const order = async () => {
  const { call } = await customer(gateway);
  const id = idOf(await call('POST', '/generations', IMAGE));
  return { id, end: async () => (await ended(gateway, call, id)).json };
};

it('a provider that is added serves the next order, without a restart', async () => {
  await begin('');
  double.release();
  await reload(upstream() + UP);
  expect(told).toContainEqual(['info', { providers: ['up'], needsRestart: [] }]);
  expect(await (await order()).end()).toMatchObject({ status: 'succeeded' });
  expect(double.bought()).toBe(1);
  // The operator can also route to it by hand.
  const routes = [{ provider: 'up', model: 'acme/film' }];
  expect((await gateway.admin('PATCH', '/models/kiara/kiara-image-pro', { routes })).status).toBe(200);
});

it('routes that lead to a removed provider, by the admin API’s word, are told to the operator', async () => {
  await begin(upstream());
  const routes = [{ provider: 'up', model: 'acme/film' }];
  await gateway.admin('PATCH', '/models/kiara/kiara-image-pro', { routes });
  const warnings = () => told.filter(([level, { count }]) => level === 'warn' && count !== undefined);
  expect(warnings()).toEqual([]);
  await reload('log: { level: info }\n');
  const warning = ['warn', { routes: ['kiara/kiara-image-pro: up/acme/film'], count: 1 }];
  expect(warnings()).toEqual([warning]);
});

it('a job at a provider that is removed is brought to its end there; what is ordered later goes elsewhere', async () => {
  await begin(upstream() + UP);
  const first = await order();
  await double.called(ASK, 1);
  await reload(routed('sandbox/genlock/image'));
  const second = await order();
  expect(await second.end()).toMatchObject({ status: 'succeeded' });
  double.release();
  expect(await first.end()).toMatchObject({ status: 'succeeded' });
  expect(double.bought()).toBe(1);
});

it('a job goes on under the new key when the old one is void', async () => {
  await begin(upstream() + UP);
  const { end } = await order();
  await double.called(ASK, 1);
  const output = [
    double.files.add(await makeFile({ kind: 'image', text: 'a mug', width: 256, height: 256 })),
  ];
  const look = ({ headers }: Seen) =>
    headers.authorization === 'Bearer r8_new'
      ? { body: { id: 'p1', status: 'succeeded', input: {}, output, error: null } }
      : { status: 401, body: { title: 'Unauthenticated', detail: 'That token is void.', status: 401 } };
  double.script(ASK, ...Array.from({ length: 1_000 }, () => look));
  await reload(upstream('r8_new') + UP);
  expect(await end()).toMatchObject({ status: 'succeeded' });
  expect(double.count(ORDER)).toBe(1);
});

it('a route that was left alone for a wrong key is used at once when the key is mended', async () => {
  await begin(upstream('r8_wrong') + UP);
  double.release();
  expect(await (await order()).end()).toMatchObject({ status: 'failed' });
  expect(gateway.core.routeBoard.list()).toMatchObject([{ state: 'open', cause: 'model_misconfigured' }]);
  await reload(upstream() + UP);
  expect(await (await order()).end()).toMatchObject({ status: 'succeeded' });
});

it('a file that cannot be used changes nothing, and the log says what to mend, and where', async () => {
  await begin(upstream() + UP);
  double.release();
  const before = gateway.core.config();
  await reload(upstream(String.raw`"r8_new\n"`) + UP);
  expect(gateway.core.config()).toBe(before);
  const [, fields] = told.findLast(([level]) => level === 'error') ?? [];
  expect(String(fields?.err)).toMatch(
    /genlock\.yaml:1:\d+ providers\.up\.api_key: expected .* a line break at the end/,
  );
  expect(String(fields?.err)).not.toContain('r8_new');
  expect(await (await order()).end()).toMatchObject({ status: 'succeeded' });
});

it('where one provider cannot be made, all stays as it was, and the log says why', async () => {
  await begin(upstream() + UP);
  double.release();
  const before = gateway.core.config();
  const missing = '  more: { type: ai-sdk, package: "@nobody/nothing" }\n';
  await reload(`providers:\n${missing}${routed('more/painter')}`);
  expect(gateway.core.config()).toBe(before);
  const [, fields] = told.findLast(([level]) => level === 'error') ?? [];
  expect(String(fields?.err)).toContain('@nobody/nothing is not installed');
  expect(await (await order()).end()).toMatchObject({ status: 'succeeded' });
  expect(double.bought()).toBe(1);
});
