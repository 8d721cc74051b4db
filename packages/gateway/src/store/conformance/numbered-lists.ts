import { describe, expect, it } from 'vitest';
import { admitted, fundedAccount, START } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeNumberedLists(open: OpenStore): void {
  describe('lists by page number', () => {
    const fresh = freshStores(open);

    it('counts, skips and filters by status, model and time', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      const scope = { accountId, dialect: 'skytells', mode: 'test' } as const;
      const ids: string[] = [];
      for (let i = 0; i < 12; i++)
        ids.unshift(
          await admitted(store, { ...scope, quote: 0, model: `model-${i % 2}`, createdAt: START + i }),
        );
      await store.claim({ worker: 'w', limit: 4, now: START + 99, leaseUntil: START + 100 });

      const page = async (filter: object, offset = 0, limit = 5) => {
        const { data, total } = await store.generationsByNumber({ ...scope, offset, limit, ...filter });
        return [total, data.map((g) => ids.indexOf(g.id))];
      };
      expect(await page({})).toEqual([12, [0, 1, 2, 3, 4]]);
      expect(await page({}, 10)).toEqual([12, [10, 11]]);
      expect(await page({}, 12)).toEqual([12, []]);
      expect(await page({}, 0, 0)).toEqual([12, []]);
      expect(await page({ statuses: ['running'] })).toEqual([4, [8, 9, 10, 11]]);
      expect(await page({ statuses: ['running', 'queued', 'running'] }, 6)).toEqual([12, [6, 7, 8, 9, 10]]);
      expect(await page({ statuses: [] })).toEqual([0, []]);
      expect(await page({ model: 'model-0' }, 1, 2)).toEqual([6, [3, 5]]);
      expect(await page({ model: 'model-0', statuses: ['running'] })).toEqual([2, [9, 11]]);
      expect(await page({ from: START + 2, to: START + 4 })).toEqual([3, [7, 8, 9]]);
      expect(await page({ from: START + 11 })).toEqual([1, [0]]);
      expect(await page({ model: 'model-1', to: START + 3 })).toEqual([2, [8, 10]]);
      expect(await page({ dialect: 'kiara' })).toEqual([0, []]);
    });

    it('tells work done inline from jobs', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const scope = { accountId, dialect: 'kiara', mode: 'live', offset: 0, limit: 5 } as const;
      const start = { worker: 'w', leaseUntil: START + 99, provider: 'p', model: 'm' };
      const job = await admitted(store, { accountId });
      const inline = await admitted(store, { accountId, start });
      const list = async (filter: object) => {
        const { data, total } = await store.generationsByNumber({ ...scope, ...filter });
        return [total, ...data.map((g) => g.id)];
      };
      expect(await list({ inline: false })).toEqual([1, job]);
      expect(await list({ inline: true })).toEqual([1, inline]);
      expect(await list({})).toEqual([2, inline, job]);
    });
  });
}
