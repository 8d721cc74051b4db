import { describe, expect, it } from 'vitest';
import {
  admitted,
  CANCELED,
  fundedAccount,
  MINUTE,
  newDelivery,
  running,
  START,
  settlement,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const MOST = 100;
const EMPTY = { unfinished: 0, leased: 0, holds: 0, held: 0, webhooks: 0 };

export function describeBacklog(open: OpenStore): void {
  describe('the backlog', () => {
    const fresh = freshStores(open);

    it('is what has not ended, who has it, and the money that it holds', async () => {
      const { store } = await fresh();
      expect(await store.backlog(MOST)).toEqual(EMPTY);
      const accountId = await fundedAccount(store);
      const done = await running(store, { accountId });
      await running(store, { accountId });
      const waiting = await admitted(store, { accountId, quote: 7 });
      await admitted(store, { accountId, quote: 0 });
      expect(await store.backlog(MOST)).toEqual({ ...EMPTY, unfinished: 4, leased: 2, holds: 3, held: 27 });

      const deliveries = [newDelivery({ accountId }), newDelivery({ accountId })];
      await store.settle(settlement(done, CANCELED, { deliveries }));
      await store.settle(settlement(waiting, CANCELED));
      const rest = { unfinished: 2, leased: 1, holds: 1, held: 10 };
      expect(await store.backlog(MOST)).toEqual({ ...rest, webhooks: 2 });

      const [claimed] = await store.claimDeliveries({
        worker: 'w',
        limit: 1,
        now: START + MINUTE,
        leaseUntil: START + 2 * MINUTE,
      });
      expect(await store.backlog(MOST)).toMatchObject({ webhooks: 2 });
      await store.recordDelivery({
        id: claimed?.id ?? '',
        worker: 'w',
        attempt: { at: START + MINUTE, status: 200, error: null },
        status: 'delivered',
        nextAttemptAt: null,
      });
      expect(await store.backlog(MOST)).toEqual({ ...rest, webhooks: 1 });
    });

    it('is counted only so far', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      for (let n = 0; n < 3; n++) await admitted(store, { accountId });
      expect(await store.backlog(2)).toEqual({ ...EMPTY, unfinished: 2, holds: 2, held: 20 });
    });
  });
}
