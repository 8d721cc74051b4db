import { describe, expect, it } from 'vitest';
import { fundedAccount, idempotency, MINUTE, newPendingTopUp, START } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describePendingTopUps(open: OpenStore): void {
  describe('pending top-ups', () => {
    const fresh = freshStores(open);

    it('waits, and credits once however often it is confirmed', async () => {
      const { store } = await fresh();
      const topUp = newPendingTopUp({ accountId: await fundedAccount(store, {}) });
      expect(await store.createPendingTopUp(topUp)).toEqual({ kind: 'created' });
      expect(await store.pendingTopUp(topUp.id, START)).toEqual(topUp);
      expect((await store.balance(topUp.accountId))?.funds.permanent).toBe(0);

      const paid = { ...topUp, status: 'paid', paidAt: START + 5 };
      const confirmed = await Promise.all([1, 2, 3].map(() => store.confirmTopUp(topUp.id, START + 5)));
      expect(confirmed.map((one) => one?.topUp)).toEqual([paid, paid, paid]);
      expect(confirmed.map((one) => one?.credited).sort()).toEqual([0, 0, 25_000_000]);
      expect(await store.confirmTopUp(topUp.id, START + 99)).toEqual({ topUp: paid, credited: 0 });
      expect(await store.pendingTopUp(topUp.id, START + 2 * MINUTE)).toEqual(paid);
      expect((await store.balance(topUp.accountId))?.funds).toEqual({
        subscription: 0,
        permanent: 25_000_000,
      });
      expect((await store.ledger(topUp.accountId, 9)).data).toMatchObject([
        { type: 'top_up', reference: topUp.id },
      ]);
    });

    it('reads expired once its time is over, and can be confirmed still', async () => {
      const { store } = await fresh();
      const topUp = newPendingTopUp({ accountId: await fundedAccount(store, {}) });
      await store.createPendingTopUp(topUp);
      expect((await store.pendingTopUp(topUp.id, START + MINUTE - 1))?.status).toBe('pending');
      expect((await store.pendingTopUp(topUp.id, START + MINUTE))?.status).toBe('expired');
      expect((await store.confirmTopUp(topUp.id, START + 2 * MINUTE))?.topUp.status).toBe('paid');
      expect((await store.balance(topUp.accountId))?.funds.permanent).toBe(25_000_000);
    });

    it('is paid in test mode without a transfer', async () => {
      const { store } = await fresh();
      const topUp = newPendingTopUp({ accountId: await fundedAccount(store, {}), mode: 'test' });
      await store.createPendingTopUp(topUp);
      expect(await store.confirmTopUp(topUp.id, START)).toMatchObject({
        topUp: { status: 'paid' },
        credited: 0,
      });
      expect((await store.ledger(topUp.accountId, 9)).data).toEqual([]);
    });

    it('does not double what the operator credited under its id', async () => {
      const { store } = await fresh();
      const topUp = newPendingTopUp({ accountId: await fundedAccount(store, {}) });
      await store.createPendingTopUp(topUp);
      const { accountId, amount, id: reference } = topUp;
      await store.topUp({ accountId, amount, bucket: 'permanent', reference, now: START });
      expect(await store.confirmTopUp(topUp.id, START)).toMatchObject({
        topUp: { status: 'paid' },
        credited: 0,
      });
      expect((await store.balance(accountId))?.funds.permanent).toBe(amount);
    });

    it('is idempotent like admission', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      const claim = idempotency('k', 'body', START + MINUTE);
      const first = newPendingTopUp({ accountId });
      const second = newPendingTopUp({ accountId });
      expect(await store.createPendingTopUp(first, claim)).toEqual({ kind: 'created' });
      expect(await store.createPendingTopUp(second, claim)).toEqual({ kind: 'replayed', targetId: first.id });
      expect(await store.createPendingTopUp(second, idempotency('k', 'other'))).toEqual({
        kind: 'idempotency_conflict',
      });
      expect(await store.pendingTopUp(second.id, START)).toBeUndefined();
      expect(await store.createPendingTopUp({ ...second, createdAt: START + MINUTE }, claim)).toEqual({
        kind: 'created',
      });
    });

    it('knows no unknown one', async () => {
      const { store } = await fresh();
      expect(await store.pendingTopUp('topup_unknown', START)).toBeUndefined();
      expect(await store.confirmTopUp('topup_unknown', START)).toBeUndefined();
    });
  });
}
