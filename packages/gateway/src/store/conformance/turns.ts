import { describe, expect, it } from 'vitest';
import type { Mode } from '../../domain/generation.ts';
import type { ClaimWork, Store } from '../port.ts';
import { admitted, fundedAccount, MINUTE, running, START } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const claim: ClaimWork = { worker: 'w1', limit: 10, now: START + 100, leaseUntil: START + MINUTE };

/** The accounts whose work a claim takes, in the order of the claim. */
async function taken(store: Store, more: Partial<ClaimWork> = {}): Promise<readonly string[]> {
  return (await store.claim({ ...claim, ...more })).map(({ generation }) => generation.accountId);
}

async function queue(store: Store, accountId: string, count: number, mode: Mode = 'live'): Promise<void> {
  const quote = mode === 'live' ? 10 : 0;
  for (let n = 0; n < count; n += 1) await admitted(store, { accountId, mode, quote, createdAt: START + n });
}

export function describeTurns(open: OpenStore): void {
  describe('turns', () => {
    const fresh = freshStores(open);

    it('come round to an account after one job of each other, however many those have queued before', async () => {
      const { store } = await fresh();
      const many = await fundedAccount(store);
      const few = await fundedAccount(store);
      await queue(store, many, 6);
      await admitted(store, { accountId: few, createdAt: START + 50 });
      await admitted(store, { accountId: few, createdAt: START + 51 });
      const order: string[] = [];
      for (let n = 0; n < 4; n += 1) order.push(...(await taken(store, { limit: 1 })));
      expect(order.filter((id) => id === few)).toHaveLength(2);
      expect(await taken(store, { limit: 3 })).toEqual([many, many, many]);
    });

    it('share a claim out, and give to others what one has no work for', async () => {
      const { store } = await fresh();
      const many = await fundedAccount(store);
      const few = await fundedAccount(store);
      await queue(store, many, 9);
      await queue(store, few, 1);
      const of = await taken(store, { limit: 8 });
      expect(of).toHaveLength(8);
      expect(of.filter((id) => id === few)).toHaveLength(1);
    });

    it('are of live and of test work apart', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      await queue(store, accountId, 5, 'test');
      const id = await admitted(store, { accountId, createdAt: START + 50 });
      const claimed = await store.claim({ ...claim, limit: 2 });
      expect(claimed.map(({ generation }) => generation.id)).toContain(id);
    });

    it('leave out who has all that a worker has room for', async () => {
      const { store } = await fresh();
      const [a, b, c] = [await fundedAccount(store), await fundedAccount(store), await fundedAccount(store)];
      for (const id of [a, b]) await queue(store, id, 5);
      await queue(store, c, 5, 'test');
      const room = { each: 3, accounts: { [a]: 1 }, test: 2 };
      const of = await taken(store, { limit: 20, room });
      expect([a, b, c].map((id) => of.filter((one) => one === id).length)).toEqual([1, 3, 2]);
      expect(await taken(store, { room: { each: 0, accounts: {}, test: 0 } })).toEqual([]);
      expect(await taken(store)).toHaveLength(9);
    });

    it('are waited for by nothing whose lease ran out: it may be paid for already', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const other = await fundedAccount(store);
      await queue(store, other, 3);
      const late = { ...claim, now: START + MINUTE, leaseUntil: START + 2 * MINUTE };
      const room = { each: 0, accounts: {}, test: 0 };
      expect((await store.claim({ ...late, limit: 1, room })).map((one) => one.generation.id)).toEqual([id]);
    });

    it('find what was given back where it stood, before what its account has queued since', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId, createdAt: START });
      await admitted(store, { accountId, createdAt: START + 1 });
      await store.releaseLeases('w1', START + 50);
      expect((await store.claim({ ...claim, limit: 1 })).map((one) => one.generation.id)).toEqual([id]);
    });
  });
}
