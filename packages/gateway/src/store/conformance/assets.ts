import { describe, expect, it } from 'vitest';
import { fundedAccount, MINUTE, newAsset, running, START, settlement, succeeded } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeAssets(open: OpenStore): void {
  describe('assets', () => {
    const fresh = freshStores(open);

    it('gives back uploads and outputs as they were measured', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const upload = newAsset({
        accountId,
        width: null,
        height: null,
        durationSeconds: 3,
        fps: null,
        hasSound: null,
      });
      const output = newAsset({ accountId, generationId: id, hasSound: true });
      await store.createAsset(upload);
      await store.settle(settlement(id, succeeded(1, [output])));
      expect(await store.asset(upload.id)).toEqual(upload);
      expect(await store.asset(output.id)).toEqual(output);
      expect(await store.assetsOf(id)).toEqual([output]);
      expect(await store.asset('asset_unknown')).toBeUndefined();
      expect(await store.assetsOf('gen_unknown')).toEqual([]);
    });

    it('gives the outputs of many generations at once, each in order', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const [one = '', two = '', none = ''] = await Promise.all(
        [1, 2, 3].map(() => running(store, { accountId })),
      );
      const ofOne = [2, 0, 1].map((index) => newAsset({ accountId, generationId: one, index }));
      const ofTwo = [newAsset({ accountId, generationId: two })];
      await store.settle(settlement(one, succeeded(1, ofOne)));
      await store.settle(settlement(two, succeeded(1, ofTwo)));
      const [last, first, middle] = ofOne;
      expect(await store.assetsOfMany([none, two, 'gen_unknown', one, `it's "odd"`])).toEqual(
        new Map([
          [one, [first, middle, last]],
          [two, ofTwo],
        ]),
      );
      expect(await store.assetsOfMany([])).toEqual(new Map());
    });

    it('removes what has expired, some at a time, and tells the blobs', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const old = [3, 1, 2].map((n) => newAsset({ accountId, expiresAt: START + n, blob: `blob-${n}` }));
      const young = newAsset({ accountId, expiresAt: START + MINUTE, blob: 'blob-young' });
      for (const asset of [...old, young]) await store.createAsset(asset);
      expect([...(await store.removeExpiredAssets(START + 3, 2))].sort()).toEqual(['blob-1', 'blob-2']);
      expect(await store.removeExpiredAssets(START + 3, 2)).toEqual(['blob-3']);
      expect(await store.removeExpiredAssets(START + 3, 2)).toEqual([]);
      expect(await store.asset(old[0]?.id ?? '')).toBeUndefined();
      expect(await store.asset(young.id)).toEqual(young);
    });

    it('tells blobs that are named still from orphans', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      await store.createAsset(newAsset({ accountId, blob: 'kept' }));
      await store.createAsset(newAsset({ accountId, blob: 'shared' }));
      await store.createAsset(newAsset({ accountId, blob: 'shared', expiresAt: START }));
      await store.removeExpiredAssets(START, 10);
      const known = await store.knownBlobs(['orphan', 'kept', 'shared', `it's "odd"`]);
      expect([...known].sort()).toEqual(['kept', 'shared']);
      expect(await store.knownBlobs([])).toEqual([]);
    });
  });
}
