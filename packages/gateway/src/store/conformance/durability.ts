import { describe, expect, it } from 'vitest';
import {
  admission,
  admitted,
  FAILED,
  fundedAccount,
  idempotency,
  MINUTE,
  newAsset,
  newDelivery,
  newKey,
  newPendingTopUp,
  running,
  START,
  settlement,
  sha256,
  slot,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeDurability(open: OpenStore): void {
  describe('after a restart', () => {
    const fresh = freshStores(open);

    it('everything is there', async () => {
      const opened = await fresh();
      const before = opened.store;
      const accountId = await fundedAccount(before, { subscription: 5, permanent: 100 });
      const key = newKey({ accountId });
      await before.createKey(key, sha256('secret'));
      const claim = idempotency('k', 'body', START + MINUTE);
      const queued = await admitted(before, {
        accountId,
        createdAt: START + 1,
        slots: [slot('s', 1)],
        idempotency: claim,
      });
      const done = await running(before, { accountId });
      const asset = newAsset({ accountId, generationId: done });
      const delivery = newDelivery({ accountId, generationId: done });
      await before.settle(settlement(done, succeeded(7, [asset]), { deliveries: [delivery] }));
      const topUp = newPendingTopUp({ accountId });
      await before.createPendingTopUp(topUp);
      await before.changeModelOverride('kiara', 'm', { billable: false });
      const secret = await before.webhookSecret(accountId, 'kiara', 'live', 'sealed');
      const expected = {
        generations: (await before.generations({ accountId, dialect: 'kiara', mode: 'live' }, 9)).data,
        ledger: (await before.ledger(accountId, 99)).data,
        balance: await before.balance(accountId),
      };

      const store = await opened.reopen();
      expect((await store.generations({ accountId, dialect: 'kiara', mode: 'live' }, 9)).data).toEqual(
        expected.generations,
      );
      expect((await store.ledger(accountId, 99)).data).toEqual(expected.ledger);
      expect(await store.balance(accountId)).toEqual(expected.balance);
      expect((await store.keyByHash(sha256('secret')))?.key).toEqual(key);
      expect(await store.assetsOf(done)).toEqual([asset]);
      expect((await store.deliveries(done)).map((d) => d.id)).toEqual([delivery.id]);
      expect(await store.pendingTopUp(topUp.id, START)).toEqual(topUp);
      expect(await store.modelOverrides()).toHaveLength(1);
      expect(await store.webhookSecret(accountId, 'kiara', 'live', 'other')).toBe(secret);
      expect(await store.admit(admission({ accountId, idempotency: claim }))).toEqual({
        kind: 'replayed',
        targetId: queued,
      });
      expect(await store.admit(admission({ accountId, slots: [slot('s', 1)] }))).toMatchObject({
        kind: 'slots_full',
      });
      expect(await store.reconcile()).toMatchObject({ openHolds: 1, drift: 0, findings: [] });
    });

    it('a lease goes on, and the generation is claimed again when it runs out', async () => {
      const opened = await fresh();
      const accountId = await fundedAccount(opened.store);
      const id = await running(opened.store, { accountId });
      const store = await opened.reopen();
      const claim = { worker: 'w2', limit: 9, leaseUntil: START + 2 * MINUTE };
      expect(await store.claim({ ...claim, now: START + 1 })).toEqual([]);
      expect(await store.settle(settlement(id, FAILED, { worker: 'w2' }))).toMatchObject({ kind: 'refused' });
      expect(await store.claim({ ...claim, now: START + MINUTE })).toMatchObject([{ generation: { id } }]);
    });

    it('what was asked for before the close is there, and what comes after is refused', async () => {
      const opened = await fresh();
      const accountId = await fundedAccount(opened.store);
      const pending = Array.from({ length: 50 }, () => opened.store.admit(admission({ accountId })));
      const closed = opened.store.close();
      expect((await Promise.all(pending)).every((r) => r.kind === 'admitted')).toBe(true);
      await closed;
      const refused = { code: 'storage_unavailable' };
      await expect(opened.store.admit(admission({ accountId }))).rejects.toMatchObject(refused);
      await expect(opened.store.account(accountId)).rejects.toMatchObject(refused);
      await expect(opened.store.reconcile()).rejects.toMatchObject(refused);
      await opened.store.close();
      const store = await opened.reopen();
      expect((await store.balance(accountId))?.held.permanent).toBe(500);
    });
  });
}
