import { describe, expect, it } from 'vitest';
import { admitted, fundedAccount, newAsset, running, START, settlement, succeeded } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeDeletion(open: OpenStore): void {
  describe('deletion', () => {
    const fresh = freshStores(open);

    it('takes an ended generation from the lists and its assets away, and leaves the ledger', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const scope = { accountId, dialect: 'kiara', mode: 'live' } as const;
      const id = await running(store, { accountId });
      const assets = ['b0', 'b1'].map((blob, index) =>
        newAsset({ accountId, generationId: id, blob, index }),
      );
      await store.settle(settlement(id, succeeded(10, assets)));
      const kept = await admitted(store, { accountId });

      expect([...((await store.deleteGeneration(id, START + 5)) ?? [])].sort()).toEqual(['b0', 'b1']);
      expect(await store.deleteGeneration(id, START + 6)).toEqual([]);
      expect(await store.generation(id)).toMatchObject({ status: 'succeeded', deletedAt: START + 5 });
      expect(await store.assetsOf(id)).toEqual([]);
      expect(await store.transfersOf(id)).toHaveLength(2);
      for (const filter of [scope, { ...scope, model: 'kiara-image' }]) {
        expect((await store.generations(filter, 9)).data.map((g) => g.id)).toEqual([kept]);
        expect((await store.generations({ ...filter, status: 'succeeded' }, 9)).data).toEqual([]);
        expect(await store.generationsByNumber({ ...filter, offset: 0, limit: 9 })).toMatchObject({
          total: 1,
        });
      }
      expect((await store.reconcile()).findings).toEqual([]);
    });

    it('spares what has not ended', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const started = await running(store, { accountId });
      const queued = await admitted(store, { accountId });
      for (const id of [queued, started, 'gen_unknown'])
        expect(await store.deleteGeneration(id, START)).toBeUndefined();
      expect((await store.generation(queued))?.deletedAt).toBeNull();
    });
  });
}
