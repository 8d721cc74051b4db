import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, type Funds, NO_FUNDS, resolveHold, subtract, take, total } from '../../domain/funds.ts';
import type { Store } from '../port.ts';
import {
  admission,
  CANCELED,
  FAILED,
  fundedAccount,
  START,
  settlement,
  slot,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const amount = fc.integer({ min: 0, max: 60 });

type Step =
  | { readonly kind: 'top_up'; readonly bucket: 'subscription' | 'permanent'; readonly amount: number }
  | { readonly kind: 'admit'; readonly quote: number }
  | { readonly kind: 'settle'; readonly pick: number; readonly charge: number }
  | { readonly kind: 'fail' | 'cancel'; readonly pick: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('top_up' as const),
    bucket: fc.constantFrom('subscription' as const, 'permanent' as const),
    amount: fc.integer({ min: 1, max: 100 }),
  }),
  fc.record({ kind: fc.constant('admit' as const), quote: amount }),
  fc.record({ kind: fc.constant('settle' as const), pick: fc.nat(), charge: amount }),
  fc.record({ kind: fc.constantFrom('fail' as const, 'cancel' as const), pick: fc.nat() }),
);

/** The ledger as a few lines of arithmetic, to compare the store with. */
interface Model {
  funds: Funds;
  held: Funds;
  readonly open: { readonly id: string; readonly hold: Funds }[];
}

async function apply(store: Store, accountId: string, model: Model, step: Step): Promise<void> {
  if (step.kind === 'top_up') {
    await store.topUp({
      accountId,
      amount: step.amount,
      bucket: step.bucket,
      reference: null,
      now: START,
    });
    model.funds = add(model.funds, { ...NO_FUNDS, [step.bucket]: step.amount });
    return;
  }
  if (step.kind === 'admit') {
    const command = admission({ accountId, quote: step.quote, slots: [slot('s', 6)] });
    const hold = take(subtract(model.funds, model.held), step.quote);
    const expected =
      model.open.length === 6 ? 'slots_full' : hold === undefined ? 'insufficient_credits' : 'admitted';
    const { kind } = await store.admit(command);
    expect(kind).toBe(expected);
    if (kind !== 'admitted' || hold === undefined) return;
    model.held = add(model.held, hold);
    model.open.push({ id: command.generation.id, hold });
    return;
  }
  const [picked] = model.open.splice(step.pick % Math.max(1, model.open.length), 1);
  if (picked === undefined) return;
  await store.claim({ worker: 'w', limit: 100, now: START, leaseUntil: START + 1 });
  const outcome = step.kind === 'settle' ? succeeded(step.charge) : step.kind === 'fail' ? FAILED : CANCELED;
  expect(await store.settle(settlement(picked.id, outcome))).toEqual({ kind: 'settled' });
  const { captured } = resolveHold(picked.hold, step.kind === 'settle' ? step.charge : 0);
  expect((await store.generation(picked.id))?.charged).toBe(total(captured));
  model.funds = subtract(model.funds, captured);
  model.held = subtract(model.held, picked.hold);
}

export function describeMoney(open: OpenStore): void {
  describe('money', () => {
    const fresh = freshStores(open);

    it('follows the arithmetic of the ledger through any sequence, bucket by bucket, without drift', async () => {
      const { store } = await fresh();
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const accountId = await fundedAccount(store, {});
          const model: Model = { funds: NO_FUNDS, held: NO_FUNDS, open: [] };
          for (const each of steps) {
            await apply(store, accountId, model, each);
            expect(await store.balance(accountId)).toEqual({ funds: model.funds, held: model.held });
          }
          for (const { id } of model.open) await store.settle(settlement(id, CANCELED));
          expect((await store.balance(accountId))?.held).toEqual(NO_FUNDS);
        }),
        { numRuns: 40 },
      );
      expect(await store.reconcile()).toMatchObject({ openHolds: 0, drift: 0, findings: [] });
    });

    it('stays whole when everything happens at once', async () => {
      const { store } = await fresh();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ quote: amount, charge: amount, end: fc.nat(3) }), { maxLength: 40 }),
          async (jobs) => {
            const accountId = await fundedAccount(store, { subscription: 100, permanent: 300 });
            await Promise.all(
              jobs.map(async ({ quote, charge, end }) => {
                const command = admission({ accountId, quote });
                if ((await store.admit(command)).kind !== 'admitted') return;
                await store.claim({ worker: 'w', limit: 100, now: START, leaseUntil: START + 1 });
                const outcome = [succeeded(charge), FAILED, CANCELED][end];
                if (outcome !== undefined) await store.settle(settlement(command.generation.id, outcome));
              }),
            );
            const { funds, held } = (await store.balance(accountId)) ?? { funds: NO_FUNDS, held: NO_FUNDS };
            const free = subtract(funds, held);
            expect(
              Math.min(free.subscription, free.permanent, held.subscription, held.permanent),
            ).toBeGreaterThanOrEqual(0);
          },
        ),
        { numRuns: 25 },
      );
      expect(await store.reconcile()).toMatchObject({ drift: 0, findings: [] });
    });
  });
}
