import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBare } from './bare.ts';
import { measureFanOut } from './fan-out.ts';
import { readsOf, serveHistory } from './flatness.ts';
import { customersOf, type ServedGateway, serveGateway, withFolder } from './gateway.ts';
import { measureJobs } from './jobs.ts';
import { load, rawRequest } from './load.ts';
import { answerProvided } from './provided.ts';
import { answerTo, bytesOf, PROVIDED, prepareScenarios, type Scenario, twinBytesOf } from './scenarios.ts';
import { startUpstream } from './upstream.ts';

const FEW = { connections: 4, milliseconds: 200 };

describe('the rows of the table', () => {
  let stop = async (): Promise<void> => {};
  let gateway: ServedGateway;
  let scenarios: readonly Scenario[];

  beforeAll(async () => {
    const over = Promise.withResolvers<void>();
    const served = Promise.withResolvers<ServedGateway>();
    const folder = withFolder(async (dataDir) => {
      served.resolve(await serveGateway({ dataDir }));
      await over.promise;
    });
    folder.catch(served.reject);
    gateway = await served.promise;
    stop = async () => {
      await gateway.stop();
      over.resolve();
      await folder;
    };
    scenarios = await prepareScenarios(gateway);
  });
  afterAll(() => stop());

  test('each answers with its status, and the bare twin with the same', async () => {
    for (const scenario of scenarios) {
      const [call] = scenario.calls;
      if (call === undefined) throw new Error(`${scenario.name} asks nothing`);
      const answer = await answerTo(gateway.port, call);
      expect(answer.status, scenario.name).toBe(scenario.status);

      const { statuses } = await load({ ...FEW, port: gateway.port, requests: bytesOf(scenario) });
      expect(Object.keys(statuses), scenario.name).toEqual([String(scenario.status)]);

      const { port, close } = await startBare([{ name: scenario.name, method: call.method, ...answer }]);
      const twin = await load({ ...FEW, port, requests: twinBytesOf(scenario) });
      expect(Object.keys(twin.statuses), scenario.name).toEqual([String(scenario.status)]);
      await close();
    }
  });
});

test.each([
  ['store', 'none'],
  ['worker', 'none'],
  ['worker', 'text'],
  ['worker', 'image'],
] as const)('jobs of the %s with output %s all end as they should', async (part, output) => {
  await withFolder(async (dataDir) => {
    const { ended, perSecond } = await measureJobs({ part, output, jobs: 150, dataDir });
    expect(ended).toBe(150);
    expect(perSecond).toBeGreaterThan(0);
  });
});

test('a seeded history reads like a real one', async () => {
  await withFolder(async (dataDir) => {
    const history = await serveHistory(dataDir, 200);
    for (const { name, requests } of readsOf(history)) {
      const { statuses } = await load({ ...FEW, port: history.gateway.port, requests });
      expect(Object.keys(statuses), name).toEqual(['200']);
    }
    await history.gateway.stop();
  });
});

test.each(PROVIDED)('$name answers, and beside it the bare program', async (row) => {
  await withFolder(async (dataDir) => {
    const upstream = row.proxied ? { port: await startUpstream(), connections: 4 } : undefined;
    const port = await answerProvided({ ask: 'start', dataDir, worker: row.worker, upstream });
    const { key } = await customersOf(port)({ dialect: row.dialect, creditUsd: '10.00' });
    const call = { ...row.call, headers: { authorization: `Bearer ${key}` } };
    const answer = await answerTo(port, call);
    expect(answer.status, answer.body).toBe(200);
    const { statuses } = await load({ ...FEW, port, requests: [rawRequest(call)] });
    expect(Object.keys(statuses)).toEqual(['200']);
    await answerProvided({ ask: 'stop' });

    const twin = { name: row.name, method: call.method, ...answer, checked: false };
    const bare = await startBare([{ ...twin, ...(upstream && { upstream }) }]);
    const requests = twinBytesOf({ name: row.name, status: 200, calls: [call] });
    expect(Object.keys((await load({ ...FEW, port: bare.port, requests })).statuses)).toEqual(['200']);
    await bare.close();
  });
});

test('open streams hear of the end of their job', async () => {
  await withFolder(async (dataDir) => {
    const { one, all } = await measureFanOut(dataDir, 30);
    expect(one.p50).toBeGreaterThan(0);
    expect(all.p99).toBeGreaterThan(0);
  });
});
