import { describe, expect, it } from 'vitest';
import type { Transfer } from '../port.ts';
import {
  admitted,
  fundedAccount,
  MINUTE,
  newAccount,
  running,
  START,
  settlement,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeLedger(open: OpenStore): void {
  describe('ledger', () => {
    const fresh = freshStores(open);
    const topUp = { amount: 25, bucket: 'permanent', reference: 'inv_1', now: START } as const;

    it('credits a bucket and tells the transfer', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      const result = await store.topUp({ ...topUp, accountId, bucket: 'subscription' });
      expect(result).toMatchObject({
        kind: 'credited',
        transfer: {
          accountId,
          type: 'top_up',
          funds: { subscription: 25, permanent: 0 },
          generationId: null,
          reference: 'inv_1',
          at: START,
        },
      });
      expect((await store.ledger(accountId, 10)).data).toEqual([
        result.kind === 'credited' ? result.transfer : undefined,
      ]);
    });

    it('credits a reference once per account, and refuses it for another amount', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      const other = await fundedAccount(store, {});
      const first = await store.topUp({ ...topUp, accountId });
      expect(await store.topUp({ ...topUp, accountId, now: START + 1 })).toEqual({
        ...first,
        kind: 'repeated',
      });
      expect(await store.topUp({ ...topUp, accountId, amount: 26 })).toEqual({ kind: 'reference_conflict' });
      expect(await store.topUp({ ...topUp, accountId, bucket: 'subscription' })).toEqual({
        kind: 'reference_conflict',
      });
      expect(await store.topUp({ ...topUp, accountId: other })).toMatchObject({ kind: 'credited' });
      expect((await store.balance(accountId))?.funds).toEqual({ subscription: 0, permanent: 25 });
    });

    it('credits again and again without a reference', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      for (let i = 0; i < 3; i++) await store.topUp({ ...topUp, accountId, reference: null });
      expect((await store.balance(accountId))?.funds.permanent).toBe(75);
    });

    it('knows no unknown account', async () => {
      const { store } = await fresh();
      expect(await store.topUp({ ...topUp, accountId: 'acc_unknown' })).toEqual({ kind: 'account_unknown' });
      expect(await store.ledger('acc_unknown', 10)).toEqual({ data: [], nextCursor: null });
    });

    it('lists the transfers of one account, oldest first, page by page', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 1000 });
      const stranger = await fundedAccount(store);
      for (let i = 0; i < 5; i++) {
        const id = await running(store, { accountId });
        await admitted(store, { accountId: stranger, createdAt: START + MINUTE });
        await store.settle(settlement(id, succeeded(4)));
      }
      const seen: Transfer[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.ledger(accountId, 3, cursor);
        expect(page.data.length).toBeLessThanOrEqual(3);
        seen.push(...page.data);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen.map((t) => t.type)).toEqual([
        'top_up',
        ...Array.from({ length: 5 }, () => ['hold', 'capture', 'release']).flat(),
      ]);
      expect(new Set(seen.map((t) => t.id)).size).toBe(16);
      expect(seen.every((t) => t.accountId === accountId)).toBe(true);
    });

    it('counts accounts and open holds when it reconciles', async () => {
      const { store } = await fresh();
      expect(await store.reconcile()).toEqual({ accounts: 0, openHolds: 0, drift: 0, findings: [] });
      await store.createAccount(newAccount());
      const accountId = await fundedAccount(store);
      await admitted(store, { accountId });
      await running(store, { accountId });
      await admitted(store, { accountId, mode: 'test', quote: 0 });
      expect(await store.reconcile()).toEqual({ accounts: 2, openHolds: 2, drift: 0, findings: [] });
    });
  });
}
