import { describe, expect, it } from 'vitest';
import type { SettleOutcome, Store } from '../port.ts';
import {
  admission,
  admitted,
  CANCELED,
  FAILED,
  fundedAccount,
  newAsset,
  newDelivery,
  running,
  START,
  settlement,
  slot,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

async function moves(store: Store, generationId: string) {
  return (await store.transfersOf(generationId)).map(({ type, funds }) => [
    type,
    funds.subscription,
    funds.permanent,
  ]);
}

export function describeSettle(open: OpenStore): void {
  describe('settle', () => {
    const fresh = freshStores(open);

    it('captures the whole hold', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { subscription: 4, permanent: 100 });
      const id = await running(store, { accountId });
      expect(await store.settle(settlement(id, succeeded(10), { worker: 'w1' }))).toEqual({
        kind: 'settled',
      });
      expect(await moves(store, id)).toEqual([
        ['hold', 4, 6],
        ['capture', 4, 6],
      ]);
      expect(await store.balance(accountId)).toEqual({
        funds: { subscription: 0, permanent: 94 },
        held: { subscription: 0, permanent: 0 },
      });
      expect(await store.generation(id)).toMatchObject({
        status: 'succeeded',
        charged: 10,
        failure: null,
        finishedAt: START + 1000,
        updatedAt: START + 1000,
      });
    });

    it('captures a part, subscription money first, then releases the rest to where it came from', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { subscription: 4, permanent: 100 });
      const id = await running(store, { accountId });
      await store.settle(settlement(id, succeeded(5)));
      expect(await moves(store, id)).toEqual([
        ['hold', 4, 6],
        ['capture', 4, 1],
        ['release', 0, 5],
      ]);
      expect(await store.balance(accountId)).toMatchObject({ funds: { subscription: 0, permanent: 99 } });
    });

    it('never charges more than was held', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 100 });
      const id = await running(store, { accountId });
      await store.settle(settlement(id, succeeded(11)));
      expect((await store.generation(id))?.charged).toBe(10);
      expect((await store.balance(accountId))?.funds.permanent).toBe(90);
    });

    it('writes only a release when nothing is charged', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 100 });
      for (const outcome of [succeeded(0), FAILED, CANCELED]) {
        const id = await running(store, { accountId });
        await store.settle(settlement(id, outcome));
        expect(await moves(store, id)).toEqual([
          ['hold', 0, 10],
          ['release', 0, 10],
        ]);
        expect((await store.generation(id))?.charged).toBe(0);
      }
      expect(await store.balance(accountId)).toEqual({
        funds: { subscription: 0, permanent: 100 },
        held: { subscription: 0, permanent: 0 },
      });
    });

    it('charges for what a failed or canceled one delivered, and keeps what that was', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 100 });
      const delivered = { inputTokens: 12, outputTokens: 3 };
      const outcomes: SettleOutcome[] = [
        { ...FAILED, charge: 3, delivered },
        { ...CANCELED, charge: 3, delivered },
      ];
      for (const outcome of outcomes) {
        const id = await running(store, { accountId });
        await store.settle(settlement(id, outcome));
        expect(await moves(store, id)).toEqual([
          ['hold', 0, 10],
          ['capture', 0, 3],
          ['release', 0, 7],
        ]);
        expect(await store.generation(id)).toMatchObject({ charged: 3, delivered });
      }
      expect((await store.reconcile()).findings).toEqual([]);
    });

    it('touches no money in test mode', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      const id = await running(store, { accountId, mode: 'test', quote: 0 });
      await store.settle(settlement(id, succeeded(25)));
      expect(await store.transfersOf(id)).toEqual([]);
      expect(await store.generation(id)).toMatchObject({ status: 'succeeded', charged: 0 });
    });

    it('keeps the failure, ends the attempt, stores assets and webhooks with it', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const failed = await running(store, { accountId });
      await store.beginAttempt({
        generationId: failed,
        worker: 'w1',
        n: 1,
        provider: 'p',
        model: 'm',
        now: START,
      });
      const delivery = newDelivery({ accountId, generationId: failed, event: 'generation.failed' });
      await store.settle(
        settlement(failed, FAILED, {
          worker: 'w1',
          attempt: { n: 1, outcome: 'failed', error: { code: 'upstream_failed', raw: 'boom' } },
          deliveries: [delivery],
        }),
      );
      expect(await store.generation(failed)).toMatchObject({
        failure: { code: 'upstream_failed', message: 'The provider failed.', requestId: 'req_1' },
      });
      expect(await store.attempts(failed)).toMatchObject([
        { outcome: 'failed', error: { code: 'upstream_failed', raw: 'boom' }, endedAt: START + 1000 },
      ]);
      expect(await store.deliveries(failed)).toMatchObject([{ ...delivery, status: 'pending' }]);

      const done = await running(store, { accountId });
      const assets = [1, 0].map((index) => newAsset({ accountId, generationId: done, index }));
      await store.settle(settlement(done, succeeded(10, assets)));
      expect(await store.assetsOf(done)).toEqual(assets.toReversed());
    });

    it('frees exactly the slots that the generation took', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const both = await running(store, { accountId, slots: [slot('a', 1), slot('b', 2)] });
      const one = await running(store, { accountId, slots: [slot('b', 2)] });
      await store.settle(settlement(one, FAILED));
      expect(await store.admit(admission({ accountId, slots: [slot('a', 1)] }))).toMatchObject({
        kind: 'slots_full',
      });
      await admitted(store, { accountId, slots: [slot('b', 2)] });
      await store.settle(settlement(both, succeeded(1)));
      await admitted(store, { accountId, slots: [slot('a', 1), slot('b', 2)] });
      expect((await store.reconcile()).findings).toEqual([]);
    });

    it('ends a generation at most once', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      await store.settle(settlement(id, FAILED));
      for (const outcome of [succeeded(10), FAILED, CANCELED])
        expect(
          await store.settle(settlement(id, outcome, { deliveries: [newDelivery({ accountId })] })),
        ).toEqual({ kind: 'refused', status: 'failed' });
      expect(await moves(store, id)).toHaveLength(2);
      expect(await store.deliveries(id)).toEqual([]);
    });

    it('ends a queued generation by failure or cancel, but not by success', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await admitted(store, { accountId });
      expect(await store.settle(settlement(id, succeeded(10)))).toEqual({
        kind: 'refused',
        status: 'queued',
      });
      expect(await store.settle(settlement(id, CANCELED))).toEqual({ kind: 'settled' });
      expect(await store.generation(id)).toMatchObject({ status: 'canceled', startedAt: null });
      expect(await store.claim({ worker: 'w1', limit: 9, now: START + 9, leaseUntil: START + 99 })).toEqual(
        [],
      );
    });

    it('ends it only while it has the status that is asked for', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      expect(await store.settle(settlement(id, CANCELED, { onlyIf: 'queued' }))).toEqual({
        kind: 'refused',
        status: 'running',
      });
      expect(await store.settle(settlement(id, CANCELED, { onlyIf: 'running' }))).toEqual({
        kind: 'settled',
      });
    });

    it('takes the lease from the worker when ended from outside', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      await store.settle(settlement(id, CANCELED));
      expect(await store.settle(settlement(id, succeeded(10), { worker: 'w1' }))).toEqual({
        kind: 'refused',
        status: 'canceled',
      });
      expect(
        await store.beginAttempt({
          generationId: id,
          worker: 'w1',
          n: 1,
          provider: 'p',
          model: 'm',
          now: START,
        }),
      ).toBe(false);
    });

    it('rejects an unknown generation', async () => {
      const { store } = await fresh();
      await expect(store.settle(settlement('gen_unknown', FAILED))).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });
}
