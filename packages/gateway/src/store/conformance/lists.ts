import { describe, expect, it } from 'vitest';
import { STATUSES } from '../../domain/generation.ts';
import type { GenerationFilter, Store } from '../port.ts';
import { admitted, CANCELED, FAILED, fundedAccount, START, settlement, succeeded } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

async function pages(store: Store, filter: GenerationFilter, limit: number, between = async () => {}) {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.generations(filter, limit, cursor);
    if (page.nextCursor !== null) expect(page.data).toHaveLength(limit);
    ids.push(...page.data.map((g) => g.id));
    cursor = page.nextCursor ?? undefined;
    await between();
  } while (cursor !== undefined);
  return ids;
}

export function describeLists(open: OpenStore): void {
  describe('lists', () => {
    const fresh = freshStores(open);

    it('pages through all, newest first, each once, while new ones come', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      const scope = { accountId, dialect: 'kiara', mode: 'test' } as const;
      const ids: string[] = [];
      for (let i = 0; i < 11; i++)
        ids.unshift(await admitted(store, { ...scope, quote: 0, createdAt: START - i }));
      expect(await pages(store, scope, 4)).toEqual(ids);
      const seen = await pages(store, scope, 2, async () => {
        await admitted(store, { ...scope, quote: 0 });
      });
      expect(seen).toEqual(ids);
    });

    it('ends with null exactly at the last page', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      const scope = { accountId, dialect: 'kiara', mode: 'test' } as const;
      expect(await store.generations(scope, 5)).toEqual({ data: [], nextCursor: null });
      for (let i = 0; i < 5; i++) await admitted(store, { ...scope, quote: 0 });
      expect((await store.generations(scope, 5)).nextCursor).toBeNull();
      expect((await store.generations(scope, 4)).nextCursor).not.toBeNull();
    });

    it('shows the account, dialect and mode asked for and nothing else', async () => {
      const { store } = await fresh();
      const [mine, other] = [await fundedAccount(store), await fundedAccount(store)];
      const id = await admitted(store, { accountId: mine });
      await admitted(store, { accountId: other });
      await admitted(store, { accountId: mine, dialect: 'getimg' });
      await admitted(store, { accountId: mine, mode: 'test', quote: 0 });
      expect(await pages(store, { accountId: mine, dialect: 'kiara', mode: 'live' }, 9)).toEqual([id]);
    });

    it('merges several dialects into one list', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const ids: string[] = [];
      for (const dialect of ['kiara', 'getimg', 'kiara', 'llmtune', 'getimg'])
        ids.unshift(await admitted(store, { accountId, dialect }));
      const scope = { accountId, mode: 'live' } as const;
      expect(await pages(store, { ...scope, dialect: ['kiara', 'getimg', 'llmtune', 'kiara'] }, 2)).toEqual(
        ids,
      );
      expect(await pages(store, { ...scope, dialect: ['getimg', 'llmtune'] }, 2)).toEqual(
        [0, 1, 3].map((at) => ids[at]),
      );
      expect(await store.generations({ ...scope, dialect: [] }, 2)).toEqual({ data: [], nextCursor: null });
    });

    it('filters by status, model and both', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 10_000 });
      const scope = { accountId, dialect: 'kiara', mode: 'live' } as const;
      const all: { id: string; model: string }[] = [];
      for (let i = 0; i < 40; i++) {
        const model = `model-${i % 3}`;
        all.unshift({ id: await admitted(store, { ...scope, model, createdAt: START + i }), model });
      }
      await store.claim({ worker: 'w', limit: 32, now: START + 99, leaseUntil: START + 100 });
      const outcomes = [succeeded(1), FAILED, CANCELED];
      for (const [i, { id }] of all.toReversed().slice(0, 24).entries())
        await store.settle(settlement(id, outcomes[i % 3] ?? CANCELED));

      const statusOf = new Map<string, string>();
      for (const { id } of all) statusOf.set(id, (await store.generation(id))?.status ?? '');
      expect(new Set(statusOf.values())).toEqual(new Set(STATUSES));

      for (const status of [undefined, ...STATUSES])
        for (const model of [undefined, 'model-0', 'model-1', 'model-9']) {
          const expected = all.filter(
            (g) =>
              (status === undefined || statusOf.get(g.id) === status) &&
              (model === undefined || g.model === model),
          );
          const filter = { ...scope, ...(status && { status }), ...(model && { model }) };
          expect(await pages(store, filter, 3)).toEqual(expected.map((g) => g.id));
        }
    });

    it('refuses a cursor that no page has given', async () => {
      const { store } = await fresh();
      const scope = { accountId: 'a', dialect: 'kiara', mode: 'live' } as const;
      for (const cursor of ['', ' ', '../1', "1' OR 1", 'zzzzzzzzzzzzzzzz'])
        await expect(store.generations(scope, 5, cursor)).rejects.toMatchObject({
          code: 'invalid_parameter',
        });
    });
  });
}
