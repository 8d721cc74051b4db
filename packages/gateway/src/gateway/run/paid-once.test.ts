import { canonicalErrors } from '@genlock/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import { isTerminal } from '../../domain/generation.ts';
import { type RouteName, routeName } from '../../domain/route-order.ts';
import type { PollReply, Provider, ProviderCapabilities, ProviderReply } from '../../providers/port.ts';
import type { Route } from '../../store/port.ts';
import { startTestCore, type TestCore } from '../../testing/core.ts';
import { mortal, newLife } from '../../testing/mortal.ts';
import { picture } from '../../testing/scripted-provider.ts';
import type { Caller } from '../accounts/authenticate.ts';
import { waitForEnd } from '../waiting/wait.ts';
import { createWorker } from './worker.ts';

/*
 * Providers of every kind that behave arbitrarily, call by call, under workers that die or are stopped in order. Whatever happens, each job
 * ends, and at most one of its calls may have to be paid.
 */

const MAX_ATTEMPTS = 5;
const DEADLINE_MS = 400;

/** What happens to one call; `done`: the provider does the work all the same, and charges for it. */
type Fate =
  | { readonly kind: 'delivers' | 'delivers garbage' | 'takes on' | 'never ends' | 'fails later, charged' }
  | { readonly kind: 'fails later' | 'takes on, is hard to ask' }
  | { readonly kind: 'refuses'; readonly code: (typeof REFUSALS)[number]; readonly routeDown?: boolean }
  | { readonly kind: 'loses the answer' | 'kills the worker' | 'sees it ended'; readonly done: boolean };

const REFUSALS = [
  'upstream_failed',
  'upstream_unavailable',
  'upstream_timeout',
  'upstream_rate_limited',
  'model_misconfigured',
  'content_rejected',
  'invalid_media',
] as const;

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...REFUSALS).map((code) => ({ kind: 'refuses', code }) as const) },
  fc.constant({ kind: 'refuses', code: 'model_misconfigured', routeDown: true } as const),
  fc
    .constantFrom(
      ...(['delivers', 'delivers garbage', 'takes on', 'fails later', 'fails later, charged'] as const),
      ...(['never ends', 'takes on, is hard to ask'] as const),
    )
    .map((kind) => ({ kind })),
  fc.record({
    kind: fc.constantFrom('loses the answer' as const, 'kills the worker' as const, 'sees it ended' as const),
    done: fc.boolean(),
  }),
);

const KINDS: Readonly<Record<string, ProviderCapabilities>> = {
  paid: { safeToResend: false, lookup: false, cancel: false },
  other: { safeToResend: false, lookup: false, cancel: true },
  keyed: { safeToResend: true, lookup: false, cancel: false },
  asked: { safeToResend: false, lookup: true, cancel: true },
  free: { safeToResend: false, lookup: false, cancel: false, free: true },
};

const route: fc.Arbitrary<Route> = fc.record(
  {
    provider: fc.constantFrom(...Object.keys(KINDS)),
    model: fc.constantFrom('m', 'n'),
    weight: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: ['provider', 'model'] },
);

/** One call as the provider sees it. */
interface Made extends RouteName {
  readonly fate: Fate;
  /** The work was done, or is being done. */
  readonly taken: boolean;
}

const stage = { fates: [] as readonly Fate[], made: [] as Made[], kill: () => {}, end: () => {} };

const TAKEN: readonly Fate['kind'][] = [
  ...(['delivers', 'delivers garbage', 'takes on', 'never ends', 'fails later, charged'] as const),
  'takes on, is hard to ask',
];

const isTaken = (one: Fate): boolean => TAKEN.includes(one.kind) || ('done' in one && one.done);

function actor(name: string, capabilities: ProviderCapabilities): Provider {
  let troubles = 0;
  const reply = (one: Fate): ProviderReply => {
    if (one.kind === 'delivers') return picture;
    if (one.kind === 'delivers garbage') return { state: 'finished', outputs: [] };
    return { state: 'accepted', upstreamId: `up ${stage.made.length}`, pollAfterMs: 0 };
  };
  return {
    name,
    capabilities,
    submit: async ({ model, signal }) => {
      const next = stage.fates[stage.made.length] ?? { kind: 'delivers' };
      stage.made.push({ provider: name, model, fate: next, taken: isTaken(next) });
      if (next.kind === 'refuses') {
        const { code, routeDown = false } = next;
        throw new GenlockError(code, undefined, { routeDown, retryAfterMs: 3 });
      }
      if (next.kind === 'loses the answer')
        throw new GenlockError('upstream_failed', undefined, { accepted: 'maybe' });
      if (next.kind === 'kills the worker' || next.kind === 'sees it ended') {
        if (next.kind === 'kills the worker') stage.kill();
        else stage.end();
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }
      return reply(next);
    },
    poll: async (upstreamId): Promise<PollReply> => {
      const { kind } = stage.made[Number(upstreamId.slice(3)) - 1]?.fate ?? { kind: 'never ends' };
      if (kind === 'fails later') return { state: 'failed', error: new GenlockError('upstream_failed') };
      if (kind === 'fails later, charged')
        return {
          state: 'failed',
          error: new GenlockError('upstream_failed', undefined, { accepted: 'yes' }),
        };
      if (kind === 'never ends') return { state: 'accepted', upstreamId, pollAfterMs: 5 };
      if (kind === 'takes on, is hard to ask') {
        troubles += 1;
        if (troubles % 3 !== 0) throw new GenlockError('upstream_unavailable');
      }
      return picture;
    },
    find: async () => {
      const index = stage.made.findLastIndex(({ provider }) => provider === name);
      return stage.made[index]?.taken ? { upstreamId: `up ${index + 1}` } : 'never_arrived';
    },
    cancel: async () => {},
  };
}

let core: TestCore;
let caller: Caller;
let workers = 0;
let worker: { end(): Promise<void> };
beforeAll(async () => {
  core = await startTestCore({
    providers: Object.entries(KINDS).map(([name, capabilities]) => actor(name, capabilities)),
    price: { unit: 'image', usd: 1 },
    config: (config) => ({
      ...config,
      deadlines: { ...config.deadlines, image: DEADLINE_MS },
      retries: {
        ...config.retries,
        maxAttempts: MAX_ATTEMPTS,
        attemptsPerRoute: 2,
        baseDelayMs: 1,
        maxDelayMs: 5,
      },
      routeHealth: {
        ...config.routeHealth,
        minCalls: 2,
        openMs: 10,
        maxOpenMs: 20,
        brokenOpenMs: 20,
        restMs: 1,
      },
    }),
  });
  caller = await core.customer(1_000_000);
  nextWorker();
});
afterAll(async () => {
  await worker.end();
  await core.close();
});

/** A new process. Once it is killed, nothing from it reaches the store any more, and its leases run out. */
function nextWorker(): void {
  const life = newLife();
  workers += 1;
  const id = `worker_${workers}`;
  const running = createWorker({ ...core, store: mortal(core.store, life) }, id);
  running.start();
  worker = { end: () => running.drain(0) };
  stage.kill = () => {
    life.end();
    void leasesRunOut(id).then(nextWorker);
  };
  stage.end = () => void running.drain(0).then(nextWorker);
}

/** What has been claimed by a process that is dead now. */
async function leasesRunOut(id: string): Promise<void> {
  const mine = {
    accountId: caller.account.id,
    dialect: 'stub',
    mode: caller.key.mode,
    status: 'running',
  } as const;
  const { data } = await core.store.generations(mine, 10);
  const ids = data.map((generation) => generation.id);
  await core.store.renewLeases(id, Date.now(), ids);
}

/** What may follow a call that may have to be paid: the same call under the same key, or one that costs nothing. */
function mayFollow(earlier: Made, later: Made): boolean {
  if (earlier.provider === 'free') return true;
  if (earlier.provider === 'keyed') return routeName(later) === routeName(earlier);
  // It said so when it was asked.
  return earlier.provider === 'asked' && !earlier.taken;
}

function mayHaveToBePaid({ fate: { kind }, taken }: Made): boolean {
  return taken || kind === 'loses the answer' || kind === 'kills the worker' || kind === 'sees it ended';
}

it('buys at most once, keeps to its ceiling and ends, whatever providers do and workers die of', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(route, { minLength: 1, maxLength: 5 }),
      fc.array(fate, { maxLength: MAX_ATTEMPTS + 2 }),
      async (routes, fates) => {
        Object.assign(stage, { fates, made: [] });
        core.models.override('stub', 'painter', { routes });
        const { id } = await core.submit(caller);
        const generation = await waitForEnd(core, id, 30_000);
        const made = [...stage.made];

        expect(generation && isTerminal(generation.status)).toBe(true);
        const tries = made.filter(({ fate: { kind } }) => kind !== 'sees it ended');
        expect(tries.length).toBeLessThanOrEqual(MAX_ATTEMPTS);
        for (const [index, earlier] of made.entries()) {
          if (!mayHaveToBePaid(earlier)) continue;
          for (const later of made.slice(index + 1)) expect(mayFollow(earlier, later)).toBe(true);
        }
        const bills = made.filter(({ provider, taken }) => taken && provider !== 'free');
        expect(new Set(bills.map(({ provider }) => provider)).size).toBeLessThanOrEqual(1);
        if (bills.some(({ provider }) => provider !== 'keyed')) expect(bills).toHaveLength(1);

        const attempts = await core.store.attempts(id);
        expect(attempts.length).toBeLessThanOrEqual(MAX_ATTEMPTS + made.length - tries.length);
        expect(attempts.filter(({ outcome }) => outcome === null)).toEqual([]);
        expect(generation?.charged).toBe(generation?.status === 'succeeded' ? 1 : 0);
        if (generation?.failure) expect(canonicalErrors[generation.failure.code]).toBeDefined();
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
  expect(await core.store.reconcile()).toMatchObject({ drift: 0, openHolds: 0, findings: [] });
}, 120_000);
