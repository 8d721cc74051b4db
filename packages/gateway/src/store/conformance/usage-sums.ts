import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../domain/generation.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { Kind } from '../../domain/request.ts';
import type { Latencies, ModelUsage, SettleOutcome, Store } from '../port.ts';
import { admitted, CANCELED, FAILED, fundedAccount, START, settlement, succeeded } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const SPAN = 1000;
const count = fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined });

interface Job {
  readonly dialect: string;
  readonly model: string;
  readonly kind: Kind;
  readonly at: number;
  readonly end: Status;
  readonly ms: number;
  readonly charge: number;
  readonly delivered: Usage;
}

const job: fc.Arbitrary<Job> = fc.record({
  dialect: fc.constantFrom('kiara', 'llmtune'),
  model: fc.constantFrom('a', 'b'),
  kind: fc.constantFrom<Kind>('text', 'batch', 'training'),
  at: fc.integer({ min: -200, max: SPAN + 200 }),
  end: fc.constantFrom<Status>('running', 'succeeded', 'failed', 'canceled'),
  ms: fc.nat(5000),
  charge: fc.nat(9),
  // Multiples of a quarter: their sums are exact in any order.
  delivered: fc
    .record({
      inputTokens: count,
      outputTokens: count,
      images: count,
      characters: count,
      seconds: fc.option(
        fc.nat(400).map((n) => n / 4),
        { nil: undefined },
      ),
    })
    .map((usage) => JSON.parse(JSON.stringify(usage))),
});

async function live(store: Store, accountId: string, { at, end, ms, charge, delivered, ...rest }: Job) {
  const createdAt = START + at;
  const start = { worker: 'w', leaseUntil: START + 99_999, provider: 'p', model: 'm' };
  const id = await admitted(store, { ...rest, accountId, quote: 10, createdAt, start });
  if (end === 'running' || end === 'queued') return;
  const outcomes: Readonly<Record<typeof end, SettleOutcome>> = {
    succeeded: { ...succeeded(charge), delivered },
    failed: { ...FAILED, charge, delivered },
    canceled: { ...CANCELED, charge, delivered },
  };
  await store.settle(settlement(id, outcomes[end], { now: createdAt + ms }));
}

function addUp(jobs: readonly Job[]): readonly ModelUsage[] {
  const sums = new Map<string, ModelUsage>();
  for (const { dialect, model, kind, end, charge, delivered } of jobs) {
    const key = `${dialect} ${model} ${kind}`;
    const before = sums.get(key);
    const ended = end !== 'running';
    const plus = (what: 'inputTokens' | 'outputTokens' | 'images' | 'seconds' | 'characters') =>
      (before?.[what] ?? 0) + (ended ? (delivered[what] ?? 0) : 0);
    sums.set(key, {
      dialect,
      model,
      kind,
      requests: (before?.requests ?? 0) + 1,
      failed: (before?.failed ?? 0) + Number(end === 'failed'),
      inputTokens: plus('inputTokens'),
      outputTokens: plus('outputTokens'),
      images: plus('images'),
      seconds: plus('seconds'),
      characters: plus('characters'),
      charged: (before?.charged ?? 0) + (ended ? charge : 0),
    });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function ranks(jobs: readonly Job[]): Latencies {
  const sorted = jobs.flatMap(({ end, ms }) => (end === 'running' ? [] : [ms])).sort((a, b) => a - b);
  const at = (percent: number) => sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
  return { p50: at(50), p95: at(95), p99: at(99) };
}

export function describeUsageSums(open: OpenStore): void {
  describe('usage, added up by hand', () => {
    const fresh = freshStores(open);

    it('agrees with any history, to the token and the micro-dollar', async () => {
      const { store } = await fresh();
      await fc.assert(
        fc.asyncProperty(fc.array(job, { maxLength: 40 }), async (jobs) => {
          const accountId = await fundedAccount(store, { permanent: 10_000 });
          await Promise.all(jobs.map((each) => live(store, accountId, each)));
          const period = { accountId, mode: 'live', from: START, to: START + SPAN } as const;
          const inside = jobs.filter(({ at }) => at >= 0 && at < SPAN);
          const all = await store.usage(period);
          expect(all).toEqual({ models: addUp(inside), latencies: ranks(inside) });

          const some = inside.filter(({ dialect }) => dialect === 'kiara');
          expect(await store.usage({ ...period, dialect: 'kiara' })).toEqual({
            models: addUp(some),
            latencies: ranks(some),
          });
          const spent = (await store.ledger(accountId, 500)).data.filter(({ type }) => type === 'capture');
          const everything = await store.usage({ ...period, from: START - SPAN, to: START + 2 * SPAN });
          expect(everything.models.reduce((sum, { charged }) => sum + charged, 0)).toBe(
            spent.reduce((sum, { funds }) => sum + funds.permanent, 0),
          );
        }),
        { numRuns: 25 },
      );
      expect((await store.reconcile()).findings).toEqual([]);
    });
  });
}
