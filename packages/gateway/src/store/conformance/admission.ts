import { describe, expect, it } from 'vitest';
import { admission, admitted, fundedAccount, idempotency, newDelivery, START, slot } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeAdmission(open: OpenStore): void {
  describe('admit', () => {
    const fresh = freshStores(open);

    it('keeps the generation as given: queued, nothing charged, nothing begun', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const command = admission({
        accountId,
        metadata: { order: 'ü 1' },
        webhook: { url: 'https://example.com/h', events: ['done'] },
        retryOf: 'gen_before',
        price: { unit: 'second', usd: 2, factors: [{ dimension: 'resolution', values: { '4k': 2000 } }] },
      });
      expect(await store.admit(command)).toEqual({ kind: 'admitted' });
      expect(await store.generation(command.generation.id)).toEqual({
        ...command.generation,
        status: 'queued',
        charged: null,
        delivered: null,
        failure: null,
        progress: null,
        inline: false,
        startedAt: null,
        finishedAt: null,
        updatedAt: START,
        deletedAt: null,
      });
      expect(await store.generation('gen_unknown')).toBeUndefined();
    });

    it('holds the quote, subscription money first', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { subscription: 30, permanent: 100 });
      const id = await admitted(store, { accountId, quote: 50 });
      expect(await store.balance(accountId)).toEqual({
        funds: { subscription: 30, permanent: 100 },
        held: { subscription: 30, permanent: 20 },
      });
      expect(await store.transfersOf(id)).toMatchObject([
        { type: 'hold', funds: { subscription: 30, permanent: 20 }, accountId, generationId: id, at: START },
      ]);
    });

    it('admits to the last micro-dollar and not beyond', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 100 });
      await admitted(store, { accountId, quote: 60 });
      expect(await store.admit(admission({ accountId, quote: 41 }))).toEqual({
        kind: 'insufficient_credits',
      });
      await admitted(store, { accountId, quote: 40 });
      expect(await store.admit(admission({ accountId, quote: 1 }))).toEqual({ kind: 'insufficient_credits' });
    });

    it('holds nothing for a quote of 0, in test mode or live', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, {});
      for (const mode of ['live', 'test'] as const) {
        const id = await admitted(store, { accountId, mode, quote: 0 });
        expect(await store.transfersOf(id)).toEqual([]);
      }
    });

    it('refuses to hold money for a test generation', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      await expect(store.admit(admission({ accountId, mode: 'test', quote: 5 }))).rejects.toThrow();
      expect((await store.balance(accountId))?.held).toEqual({ subscription: 0, permanent: 0 });
    });

    it('fills slots up to their maximum and names the first that is full', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const slots = [slot('key:1', 2, 'concurrency_limited'), slot('account:1', 5)];
      await admitted(store, { accountId, slots });
      await admitted(store, { accountId, slots });
      expect(await store.admit(admission({ accountId, slots }))).toEqual({
        kind: 'slots_full',
        refusal: 'concurrency_limited',
      });
      await admitted(store, { accountId, slots: [slot('key:1', 3), slot('account:1', 3)] });
      expect(await store.admit(admission({ accountId, slots: [slot('account:1', 3)] }))).toEqual({
        kind: 'slots_full',
        refusal: 'queue_full',
      });
      expect(await store.admit(admission({ accountId, slots: [slot('none', 0)] }))).toMatchObject({
        kind: 'slots_full',
      });
    });

    it('finds out in order: idempotency, slots, credits', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 10 });
      const slots = [slot('key:1', 1)];
      const first = await admitted(store, { accountId, quote: 10, slots, idempotency: idempotency('k') });
      const poor = { accountId, quote: 10, slots };
      expect(await store.admit(admission({ ...poor, idempotency: idempotency('k') }))).toEqual({
        kind: 'replayed',
        targetId: first,
      });
      expect(await store.admit(admission({ ...poor, idempotency: idempotency('k', 'other') }))).toEqual({
        kind: 'idempotency_conflict',
      });
      expect(await store.admit(admission({ ...poor, idempotency: idempotency('l') }))).toMatchObject({
        kind: 'slots_full',
      });
      expect(await store.admit(admission({ ...poor, slots: [] }))).toEqual({ kind: 'insufficient_credits' });
    });

    it('leaves no trace of what it refuses', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 10 });
      const command = admission({
        accountId,
        quote: 11,
        slots: [slot('key:1', 1)],
        idempotency: idempotency('k'),
        deliveries: [newDelivery({ accountId, id: 'whd_refused' })],
      });
      expect(await store.admit(command)).toEqual({ kind: 'insufficient_credits' });
      expect(await store.generation(command.generation.id)).toBeUndefined();
      expect(await store.idempotencyRecord(idempotency('k').digest, START)).toBeUndefined();
      expect(await store.delivery('whd_refused')).toBeUndefined();
      await admitted(store, { accountId, slots: [slot('key:1', 1)] });
    });

    it('keeps the trace that it was ordered in, for who runs it and for its webhooks', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      await store.admit(admission({ accountId, traceparent, deliveries: [newDelivery({ accountId })] }));
      const claim = { worker: 'w', limit: 1, now: START, leaseUntil: START + 1 };
      expect(await store.claim(claim)).toMatchObject([{ generation: { traceparent } }]);
      expect(await store.claimDeliveries(claim)).toMatchObject([{ traceparent }]);
    });

    it('stores webhooks with the admission', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const command = admission({ accountId });
      const delivery = newDelivery({ accountId, generationId: command.generation.id });
      await store.admit({ ...command, deliveries: [delivery] });
      expect(await store.deliveries(command.generation.id)).toEqual([
        { ...delivery, status: 'pending', attempts: [], traceparent: null, nextAttemptAt: START },
      ]);
    });

    it('rejects an unknown account or a second generation of the same id, and keeps the first', async () => {
      const { store } = await fresh();
      await expect(store.admit(admission({ quote: 0 }))).rejects.toMatchObject({ code: 'internal_error' });
      const accountId = await fundedAccount(store);
      const command = admission({ accountId });
      await store.admit(command);
      await expect(store.admit(command)).rejects.toMatchObject({ code: 'internal_error' });
      expect((await store.balance(accountId))?.held.permanent).toBe(10);
      expect((await store.reconcile()).findings).toEqual([]);
    });
  });

  describe('rehearseAdmit', () => {
    const fresh = freshStores(open);

    it('answers as admit would, and takes nothing', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store, { permanent: 20 });
      const slots = [slot('key:1', 1)];
      const commands = [
        admission({ accountId, slots, idempotency: idempotency('k') }),
        admission({ accountId, slots, idempotency: idempotency('k') }),
        admission({ accountId, slots, idempotency: idempotency('k', 'other') }),
        admission({ accountId, slots }),
        admission({ accountId, quote: 11 }),
        admission({ accountId, quote: 10 }),
      ];
      const kinds: string[] = [];
      for (const command of commands) {
        const balance = await store.balance(accountId);
        const rehearsed = await store.rehearseAdmit(command);
        expect(await store.rehearseAdmit(command)).toEqual(rehearsed);
        expect(await store.balance(accountId)).toEqual(balance);
        expect(await store.admit(command)).toEqual(rehearsed);
        kinds.push(rehearsed.kind);
      }
      expect(kinds).toEqual([
        'admitted',
        'replayed',
        'idempotency_conflict',
        'slots_full',
        'insufficient_credits',
        'admitted',
      ]);
    });
  });
}
