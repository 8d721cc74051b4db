import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Funds, NO_FUNDS, resolveHold, subtract, take, total } from '../../domain/funds.ts';
import type { SettleOutcome, Store } from '../port.ts';
import {
  admission,
  CANCELED,
  FAILED,
  fundedAccount,
  MINUTE,
  newDelivery,
  START,
  settlement,
  slot,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const start = { worker: 'inline', leaseUntil: START + MINUTE, provider: 'sandbox', model: 'text-1' };
const FUNDS: Funds = { subscription: 60, permanent: 240 };

interface Job {
  readonly quote: number;
  readonly inline: boolean;
  readonly end: SettleOutcome['status'];
  /** Undefined: the outcome names no charge. */
  readonly charge: number | undefined;
}

const amount = fc.integer({ min: 0, max: 60 });
const job: fc.Arbitrary<Job> = fc.record({
  quote: amount,
  inline: fc.boolean(),
  end: fc.constantFrom('succeeded', 'failed', 'canceled'),
  charge: fc.option(amount, { nil: undefined }),
});

function outcomeOf({ end, charge }: Job): SettleOutcome {
  if (end === 'succeeded') return succeeded(charge ?? 0);
  const outcome = end === 'failed' ? FAILED : CANCELED;
  return charge === undefined ? outcome : { ...outcome, charge };
}

/** Admits, runs and ends one job. Returns what it took from the account. */
async function live(store: Store, accountId: string, free: Funds, job: Job): Promise<Funds> {
  const hold = take(free, job.quote);
  const command = admission({
    accountId,
    quote: job.quote,
    slots: [slot(accountId, 1)],
    ...(job.inline && { start }),
  });
  const id = command.generation.id;
  expect((await store.admit(command)).kind).toBe(hold === undefined ? 'insufficient_credits' : 'admitted');
  if (hold === undefined) return NO_FUNDS;
  expect((await store.balance(accountId))?.held).toEqual(hold);

  if (!job.inline) await store.claim({ worker: 'w', limit: 9, now: START, leaseUntil: START + MINUTE });
  const worker = job.inline ? 'inline' : 'w';
  expect(await store.settle(settlement(id, outcomeOf(job), { worker }))).toEqual({ kind: 'settled' });

  const { captured, released } = resolveHold(hold, job.charge ?? 0);
  expect(await store.generation(id)).toMatchObject({ status: job.end, charged: total(captured) });
  const types = (await store.transfersOf(id)).map(({ type, funds }) => [type, funds]);
  expect(types).toEqual(
    [['hold', hold] as const, ['capture', captured] as const, ['release', released] as const].filter(
      ([, funds]) => total(funds) > 0,
    ),
  );
  return captured;
}

export function describeEndings(open: OpenStore): void {
  describe('endings', () => {
    const fresh = freshStores(open);

    it('book any charge of any outcome, queued or inline, without drift, and free the slot', async () => {
      const { store } = await fresh();
      await fc.assert(
        fc.asyncProperty(fc.array(job, { maxLength: 12 }), async (jobs) => {
          const accountId = await fundedAccount(store, FUNDS);
          let free = FUNDS;
          for (const each of jobs) free = subtract(free, await live(store, accountId, free, each));
          expect(await store.balance(accountId)).toEqual({ funds: free, held: NO_FUNDS });
        }),
        { numRuns: 30 },
      );
      expect(await store.reconcile()).toMatchObject({ openHolds: 0, drift: 0, findings: [] });
    });

    it('never charge a failed or canceled one more than was held', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      for (const outcome of [FAILED, CANCELED]) {
        const command = admission({ accountId, quote: 10, start });
        await store.admit(command);
        await store.settle(settlement(command.generation.id, { ...outcome, charge: 25 }));
        expect((await store.generation(command.generation.id))?.charged).toBe(10);
      }
      expect((await store.reconcile()).findings).toEqual([]);
    });

    it('count an open inline one in a re-adding, hold and slot', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      await store.admit(admission({ accountId, quote: 10, start, slots: [slot('s', 3)] }));
      await store.admit(admission({ accountId, quote: 10, slots: [slot('s', 3)] }));
      expect(await store.reconcile()).toMatchObject({ openHolds: 2, drift: 0, findings: [] });
    });

    it('of a lost inline lease change nothing', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const command = admission({ accountId, start });
      const id = command.generation.id;
      await store.admit(command);
      await store.claim({ worker: 'w2', limit: 1, now: START + MINUTE, leaseUntil: START + 2 * MINUTE });
      const late = settlement(id, { ...CANCELED, charge: 3 }, { worker: 'inline' });
      expect(await store.settle(late)).toEqual({ kind: 'refused', status: 'running' });
      expect(await store.transfersOf(id)).toHaveLength(1);
      expect(await store.settle(settlement(id, FAILED, { worker: 'w2' }))).toEqual({ kind: 'settled' });
      expect((await store.balance(accountId))?.funds.permanent).toBe(1000);
    });

    it('of an inline one leave its webhooks to be sent', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const begun = newDelivery({ accountId, event: 'begun' });
      const command = admission({ accountId, start, deliveries: [begun] });
      await store.admit(command);
      const ended = newDelivery({ accountId, event: 'ended' });
      await store.settle(settlement(command.generation.id, succeeded(1), { deliveries: [ended] }));
      const sent = await store.deliveries(command.generation.id);
      expect(sent.map((d) => [d.id, d.status])).toEqual([
        [begun.id, 'pending'],
        [ended.id, 'pending'],
      ]);
    });
  });
}
