import { describe, expect, it, vi } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { silentLog } from '../../telemetry/log.ts';
import type { TestCore, TestCoreOptions } from '../../testing/core.ts';
import { openCore } from '../../testing/open-core.ts';
import { picture, type ScriptedProvider, type Step, scripted } from '../../testing/scripted-provider.ts';

const PRICE = 100_000;
const throws =
  (code: ConstructorParameters<typeof GenlockError>[0], detail = {}): Step =>
  () => {
    throw new GenlockError(code, undefined, detail);
  };
const route = (provider: string, more = {}) => ({ provider, model: 'm', ...more });

/** Runs this many generations, one after the other, and returns the providers that each was tried at. */
async function runs(core: TestCore, count: number): Promise<string[]> {
  const caller = await core.customer(100 * PRICE);
  core.worker().start();
  const tried: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { id } = await core.submit(caller);
    const { status } = await core.end(id);
    const providers = (await core.store.attempts(id)).map(({ provider }) => provider);
    tried.push(`${providers.join(' ')}: ${status}`);
  }
  return tried;
}

describe('routes', () => {
  it('are drawn by weight where they have one', async () => {
    const [a, b] = [scripted('a', []), scripted('b', [])];
    const routes = [route('a', { weight: 1 }), route('b', { weight: 1 })];
    const core = await openCore({ providers: [a, b], routes });
    await runs(core, 24);
    expect(a.calls.length).toBeGreaterThan(0);
    expect(b.calls.length).toBeGreaterThan(0);
    expect(a.calls.length + b.calls.length).toBe(24);
  });

  it('may stand in the list twice', async () => {
    const a = scripted('a', [throws('upstream_failed'), throws('upstream_failed'), () => picture]);
    const b = scripted('b', [throws('upstream_failed')]);
    const core = await openCore({
      providers: [a, b],
      routes: [route('a'), route('b'), route('a'), route('a')],
      config: (config) => ({ ...config, retries: { ...config.retries, attemptsPerRoute: 1 } }),
    });
    expect(await runs(core, 1)).toEqual(['a b a a: succeeded']);
  });

  it('are passed over when they cost more than their caller pays', async () => {
    const dear = scripted('dear', []);
    const core = await openCore({
      providers: [dear, scripted('cheap', [])],
      routes: [
        route('dear', { cost: { unit: 'image', usd: PRICE + 1 } }),
        route('cheap', { cost: { unit: 'image', usd: PRICE } }),
      ],
    });
    const told = vi.spyOn(silentLog, 'debug');
    expect(await runs(core, 1)).toEqual(['cheap: succeeded']);
    expect(dear.calls).toHaveLength(0);
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ passedOver: ['dear/m'] }),
      'some routes cost more than may be spent on a call',
    );
    told.mockRestore();
  });
});

describe('a route that fails', () => {
  const quick: TestCoreOptions['config'] = (config) => ({
    ...config,
    retries: { ...config.retries, attemptsPerRoute: 1 },
    routeHealth: { ...config.routeHealth, minCalls: 2, openMs: 60_000 },
  });

  it('is left alone while another one works', async () => {
    const bad = scripted('bad', [throws('upstream_unavailable')]);
    const core = await openCore({ providers: [bad, scripted('good', [])], config: quick });
    expect(await runs(core, 4)).toEqual([
      'bad good: succeeded',
      'bad good: succeeded',
      'good: succeeded',
      'good: succeeded',
    ]);
    expect(core.routeBoard.list()).toMatchObject([{ provider: 'bad', state: 'open' }, { state: 'closed' }]);
  });

  it('is waited for when there is no other, and the work is done once it is back', async () => {
    const flaky = scripted('flaky', [
      throws('upstream_unavailable'),
      throws('upstream_unavailable'),
      () => picture,
    ]);
    const core = await openCore({
      providers: [flaky],
      config: (config) => ({
        ...config,
        routeHealth: { ...config.routeHealth, minCalls: 2, openMs: 200 },
      }),
    });
    const begun = Date.now();
    expect(await runs(core, 2)).toEqual(['flaky flaky flaky: succeeded', 'flaky: succeeded']);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(150); // as long as it was open: 200 ms × 0.75
    expect(core.routeBoard.list()).toMatchObject([{ state: 'closed', failureRatio: 0 }]);
  });

  it('is not waited for until after the deadline', async () => {
    const bad = scripted('bad', [throws('upstream_unavailable')]);
    const core = await openCore({
      providers: [bad],
      config: (config) => ({
        ...config,
        deadlines: { ...config.deadlines, image: 20_000 },
        routeHealth: { ...config.routeHealth, minCalls: 1, openMs: 60_000 },
      }),
    });
    expect(await runs(core, 2)).toEqual(['bad: failed', ': failed']);
    expect(bad.calls).toHaveLength(1);
  });

  it('is opened by an empty account at once, and the others go on', async () => {
    const empty = scripted('empty', [throws('model_misconfigured', { routeDown: true })]);
    const core = await openCore({ providers: [empty, scripted('good', [])] });
    expect(await runs(core, 3)).toEqual(['empty good: succeeded', 'good: succeeded', 'good: succeeded']);
  });

  it('rests as long as it asks, for all jobs, and is held to nothing', async () => {
    const busy = scripted('busy', [throws('upstream_rate_limited', { retryAfterMs: 60_000 })]);
    const core = await openCore({ providers: [busy, scripted('good', [])] });
    expect(await runs(core, 3)).toEqual(['busy good: succeeded', 'good: succeeded', 'good: succeeded']);
    expect(core.routeBoard.list()).toMatchObject([{ state: 'closed', calls: 0 }, { provider: 'good' }]);
  });

  it.each(['content_rejected', 'invalid_media', 'media_unreadable', 'model_misconfigured'] as const)(
    'is not blamed for %s',
    async (code) => {
      const picky = scripted('picky', [throws(code)]);
      const core = await openCore({ providers: [picky], config: quick });
      expect(await runs(core, 4)).toEqual(Array(4).fill('picky: failed'));
      expect(picky.calls).toHaveLength(4);
    },
  );

  it('is not blamed for what is rehearsed', async () => {
    const rehearsal: ScriptedProvider = {
      ...scripted('stage', [throws('upstream_unavailable')]),
      rehearsal: true,
    };
    const core = await openCore({ providers: [rehearsal], config: quick });
    await runs(core, 4);
    expect(rehearsal.calls).toHaveLength(4);
  });
});

it('goes nowhere else with a call that a provider may have taken on under our key', async () => {
  const keyed = scripted('keyed', [throws('upstream_failed', { accepted: 'maybe' })], { safeToResend: true });
  const other = scripted('other', []);
  const core = await openCore({ providers: [keyed, other] });
  const caller = await core.customer(PRICE);
  core.worker().start();
  const { id } = await core.submit(caller);
  expect((await core.end(id)).failure?.code).toBe('outcome_unknown');
  expect(keyed.calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual([id, id, id]);
  expect(other.calls).toHaveLength(0);
});

it('says that the fate of a call is unknown, also when its deadline comes before it can be asked again', async () => {
  let jump = 0;
  const keyed = scripted('keyed', [throws('upstream_failed', { accepted: 'maybe' })], { safeToResend: true });
  const core = await openCore({
    providers: [keyed],
    now: () => Date.now() + jump,
    config: (config) => ({
      ...config,
      retries: { ...config.retries, baseDelayMs: 2_000, maxDelayMs: 2_000 },
    }),
  });
  const caller = await core.customer(PRICE);
  core.worker().start();
  const { id } = await core.submit(caller);
  await expect
    .poll(async () => (await core.store.attempts(id))[0]?.outcome, { timeout: 20_000 })
    .toBe('outcome_unknown');
  jump = 24 * 3_600_000;
  expect((await core.end(id)).failure?.code).toBe('outcome_unknown');
  expect(keyed.calls).toHaveLength(1);
});

it('orders anew, under a new key, once the job of a lost call is known to have failed', async () => {
  const failed = { state: 'failed', error: new GenlockError('upstream_failed') } as const;
  const taken = () => ({ state: 'accepted', upstreamId: 'job_1', pollAfterMs: 0 }) as const;
  const polls = [failed, picture];
  const keyed = scripted(
    'keyed',
    [throws('upstream_failed', { accepted: 'maybe' }), taken],
    { safeToResend: ['image'] },
    { poll: async () => polls.shift() ?? picture },
  );
  const core = await openCore({
    providers: [keyed],
    config: (config) => ({ ...config, retries: { ...config.retries, attemptsPerRoute: 3 } }),
  });
  const caller = await core.customer(PRICE);
  core.worker().start();
  const { id } = await core.submit(caller);
  expect((await core.end(id)).status).toBe('succeeded');
  expect(keyed.calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual([id, id, `${id}-3`]);
});

it('goes elsewhere once the job of a lost call is known to have failed', async () => {
  const failed = { state: 'failed', error: new GenlockError('model_misconfigured') } as const;
  const keyed = scripted(
    'keyed',
    [
      throws('upstream_failed', { accepted: 'maybe' }),
      () => ({ state: 'accepted', upstreamId: 'job_1', pollAfterMs: 0 }),
    ],
    { safeToResend: true },
    { poll: async () => failed },
  );
  const core = await openCore({ providers: [keyed, scripted('other', [])] });
  expect(await runs(core, 1)).toEqual(['keyed keyed other: succeeded']);
});

it('goes on with another provider after a free one, whatever became of the call', async () => {
  const free = scripted('free', [throws('upstream_failed', { accepted: 'maybe' })], {
    safeToResend: true,
    free: true,
  });
  const core = await openCore({ providers: [free, scripted('other', [])] });
  expect(await runs(core, 1)).toEqual(['free free free other: succeeded']);
});
