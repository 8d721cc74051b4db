import { describe, expect, it } from 'vitest';
import {
  admission,
  admitted,
  fundedAccount,
  MINUTE,
  newId,
  START,
  settlement,
  slot,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const start = { worker: 'w1', leaseUntil: START + MINUTE, provider: 'openai', model: 'gpt' };

export function describeInline(open: OpenStore): void {
  describe('inline work', () => {
    const fresh = freshStores(open);

    it('is admitted running, under lease, with its first attempt begun', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await admitted(store, { accountId, start });
      expect(await store.generation(id)).toMatchObject({
        status: 'running',
        inline: true,
        startedAt: START,
        quote: 10,
      });
      expect(await store.attempts(id)).toEqual([
        {
          n: 1,
          provider: 'openai',
          model: 'gpt',
          upstreamId: null,
          outcome: null,
          error: null,
          cost: null,
          lostCalls: 0,
          startedAt: START,
          endedAt: null,
        },
      ]);
      expect((await store.balance(accountId))?.held.permanent).toBe(10);
      const settled = settlement(
        id,
        { ...succeeded(4), delivered: { outputTokens: 4 } },
        {
          worker: 'w1',
          attempt: { n: 1, outcome: 'succeeded', error: null },
        },
      );
      expect(await store.settle(settled)).toEqual({ kind: 'settled' });
      expect(await store.attempts(id)).toMatchObject([{ outcome: 'succeeded', endedAt: START + 1000 }]);
      expect(await store.generation(id)).toMatchObject({ charged: 4, delivered: { outputTokens: 4 } });
    });

    it('is claimed by nobody before its lease runs out, and then with its attempt', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await admitted(store, { accountId, start });
      const claim = { worker: 'w2', limit: 9, leaseUntil: START + 2 * MINUTE };
      expect(await store.claim({ ...claim, now: START + MINUTE - 1 })).toEqual([]);
      expect(await store.claim({ ...claim, now: START + MINUTE })).toMatchObject([
        { started: false, generation: { id, inline: true }, attempts: [{ n: 1, outcome: null }] },
      ]);
    });

    it('obeys slots and credits like any other and leaves no attempt of what is refused', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 15 });
      await admitted(store, { accountId, start, slots: [slot('s', 2)] });
      const id = newId('gen');
      expect(await store.admit(admission({ id, accountId, start, slots: [slot('s', 2)] }))).toEqual({
        kind: 'insufficient_credits',
      });
      expect(await store.admit(admission({ id, accountId, start, slots: [slot('s', 1)] }))).toMatchObject({
        kind: 'slots_full',
      });
      expect(await store.attempts(id)).toEqual([]);
    });
  });
}
