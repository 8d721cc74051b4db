import { describe, expect, it } from 'vitest';
import {
  admission,
  admitted,
  CANCELED,
  FAILED,
  fundedAccount,
  idempotency,
  MINUTE,
  running,
  START,
  settlement,
  slot,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

function times<T>(n: number, make: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: n }, (_, i) => make(i)));
}

function counts(results: readonly { readonly kind: string }[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const { kind } of results) tally[kind] = (tally[kind] ?? 0) + 1;
  return tally;
}

export function describeConcurrency(open: OpenStore): void {
  describe('under concurrency', () => {
    const fresh = freshStores(open);

    it('admits 7 of 200 at once on a balance for 7', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { subscription: 25, permanent: 49 });
      const results = await times(200, () => store.admit(admission({ accountId, quote: 10 })));
      expect(counts(results)).toEqual({ admitted: 7, insufficient_credits: 193 });
      expect(await store.reconcile()).toMatchObject({ openHolds: 7, drift: 0, findings: [] });
    });

    it('admits one of 20 equal idempotency keys and replays it to the others', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const results = await times(20, () =>
        store.admit(admission({ accountId, idempotency: idempotency('k') })),
      );
      expect(counts(results)).toEqual({ admitted: 1, replayed: 19 });
      const { targetId } = (await store.idempotencyRecord(idempotency('k').digest, START)) ?? {};
      for (const result of results) if (result.kind === 'replayed') expect(result.targetId).toBe(targetId);
      expect((await store.balance(accountId))?.held.permanent).toBe(10);
    });

    it('fills 5 slots with 50 at once', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const results = await times(50, () => store.admit(admission({ accountId, slots: [slot('s', 5)] })));
      expect(counts(results)).toEqual({ admitted: 5, slots_full: 45 });
    });

    it('never gives a generation to two workers', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 10_000 });
      await times(100, () => admitted(store, { accountId }));
      const claimed = await times(12, (i) =>
        store.claim({ worker: `w${i}`, limit: 10, now: START, leaseUntil: START + MINUTE }),
      );
      const ids = claimed.flat().map((c) => c.generation.id);
      expect(ids).toHaveLength(100);
      expect(new Set(ids).size).toBe(100);
    });

    it('settles once when settled twice at once', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const results = await times(10, () => store.settle(settlement(id, succeeded(4), { worker: 'w1' })));
      expect(counts(results)).toEqual({ settled: 1, refused: 9 });
      expect(await store.balance(accountId)).toEqual({
        funds: { subscription: 0, permanent: 996 },
        held: { subscription: 0, permanent: 0 },
      });
    });

    it('lets one of cancel and settle win, and the money follows the winner', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      for (let round = 0; round < 20; round++) {
        const before = (await store.balance(accountId))?.funds.permanent ?? 0;
        const id = await running(store, { accountId });
        const settles = [
          () => store.settle(settlement(id, CANCELED)),
          () => store.settle(settlement(id, succeeded(10), { worker: 'w1' })),
        ];
        const results = await Promise.all((round % 2 ? settles : settles.toReversed()).map((go) => go()));
        expect(counts(results)).toEqual({ settled: 1, refused: 1 });
        const { status } = (await store.generation(id)) ?? {};
        expect((await store.balance(accountId))?.funds.permanent).toBe(
          status === 'succeeded' ? before - 10 : before,
        );
      }
    });

    it('lets an account spend what is released meanwhile, and no more', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 50 });
      const first = await times(5, () => admitted(store, { accountId }));
      const results = await Promise.all([
        ...first.map((id) => store.settle(settlement(id, FAILED))),
        ...Array.from({ length: 20 }, () => store.admit(admission({ accountId }))),
      ]);
      expect(counts(results).settled).toBe(5);
      expect(counts(results).admitted ?? 0).toBeLessThanOrEqual(5);
      expect((await store.reconcile()).findings).toEqual([]);
    });

    it('credits a reference once when it comes ten times at once', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      const results = await times(10, () =>
        store.topUp({ accountId, amount: 7, bucket: 'permanent', reference: 'r', now: START }),
      );
      expect(counts(results)).toEqual({ credited: 1, repeated: 9 });
      expect((await store.balance(accountId))?.funds.permanent).toBe(7);
    });
  });
}
