import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provider, ProviderCall } from '../port.ts';
import { callFor, IMAGE, runToEnd, tools } from '../upstream/testing/call.ts';
import { createReplicate } from './provider.ts';
import type { Settings } from './settings.ts';
import { KEY, type ReplicateDouble, startReplicateDouble } from './testing/double.ts';

let double: ReplicateDouble;
let provider: Provider;
beforeEach(async () => {
  double = await startReplicateDouble();
  provider = create();
});
afterEach(async () => {
  await provider.close?.();
  await double.close();
});

const create = (settings: Partial<Settings> = {}): Provider =>
  createReplicate('up', { base_url: double.baseUrl, api_key: KEY, ...settings }, tools);
const source = (bytes: number): Partial<ProviderCall> => ({
  request: { ...IMAGE, sources: [{ role: 'source', url: 'https://a.test/1.png' }] },
  fetchSource: async () => Buffer.concat([Buffer.from('\x89PNG', 'latin1'), Buffer.alloc(bytes)]),
});

describe('a prediction', () => {
  it('tells what it cost, where the operator said what a second costs', async () => {
    const priced = create({ models: { 'acme/painter': { usd_per_second: '0.000975' } } });
    expect(await runToEnd(priced, callFor('acme/painter'))).toMatchObject({ state: 'finished', cost: 2438 });
    await priced.close?.();
    expect(await runToEnd(provider, callFor('acme/painter'))).not.toHaveProperty('cost');
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    await runToEnd(provider, callFor('acme/painter', { tell: ({ percent }) => told.push(percent) }));
    expect(told).toEqual([25, 50, 75, 100]);
  });

  it('is given up there by the deadline', async () => {
    await provider.submit(callFor('acme/painter', { deadlineAt: Date.now() + 60_000 }));
    expect(double.seen[0]?.headers['cancel-after']).toMatch(/^(?:60|59)s$/);
  });

  it('gets small sources with the order, and large ones by a link', async () => {
    await provider.submit(callFor('acme/painter', source(1000)));
    expect(double.input().image).toMatch(/^data:image\/png;base64,/);
    expect(double.count('POST /v1/files')).toBe(0);
    await provider.submit(callFor('acme/painter', source(300_000)));
    expect(double.input().image).toBe(`${double.url}/v1/files/file-1`);
    const content = (await double.seen.find(({ path }) => path === '/v1/files')?.form())?.get('content');
    expect([(content as File).type, (content as File).size]).toEqual(['image/png', 300_004]);
  });

  it('orders nothing when a source cannot be handed over', async () => {
    double.script('POST /v1/files', { status: 500, body: '<html>' });
    await expect(provider.submit(callFor('acme/painter', source(300_000)))).rejects.toMatchObject({
      code: 'upstream_failed',
      detail: { accepted: 'no' },
    });
    expect(double.bought()).toBe(0);
  });

  it.each([
    ['canceled', 'upstream_failed', 'yes'],
    ['aborted', 'upstream_failed', 'no'],
  ])('that was %s there is charged for if it had begun', async (status, code, accepted) => {
    double.ends({ status });
    expect(await runToEnd(provider, callFor('acme/painter'))).toMatchObject({
      state: 'failed',
      error: { code, detail: { accepted } },
    });
  });

  it('has failed when its files are gone, and is not ordered again', async () => {
    double.ends({ status: 'succeeded', output: [] });
    expect(await runToEnd(provider, callFor('acme/painter'))).toMatchObject({
      state: 'failed',
      error: { code: 'upstream_invalid_result', detail: { accepted: 'yes' } },
    });
  });
});
