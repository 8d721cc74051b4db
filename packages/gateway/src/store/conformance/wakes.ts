import { describe, expect, it } from 'vitest';
import type { PublishedModel, Store } from '../port.ts';
import {
  admission,
  admitted,
  CANCELED,
  FAILED,
  fundedAccount,
  MINUTE,
  newDelivery,
  running,
  START,
  settlement,
  succeeded,
} from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const start = { worker: 'w1', leaseUntil: START + MINUTE, provider: 'sandbox', model: 'text-1' };
const attempt = { n: 1, provider: 'sandbox', model: 'image-1', now: START };

/** The events that the store sends while `action` runs: `work`, or the status of a change. */
async function told(store: Store, action: () => Promise<unknown>): Promise<readonly string[]> {
  const heard: string[] = [];
  const stop = store.subscribe((event) => {
    if (event.kind !== 'unknown') heard.push(event.kind === 'changed' ? event.status : event.kind);
  });
  await action();
  stop();
  return heard;
}

export function describeWakes(open: OpenStore): void {
  describe('what wakes whom', () => {
    const fresh = freshStores(open);

    it('is work where something waits, and not where it runs inline', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const deliveries = () => [newDelivery({ accountId })];
      expect(await told(store, () => store.admit(admission({ accountId })))).toEqual(['work']);
      expect(await told(store, () => store.admit(admission({ accountId, start })))).toEqual([]);
      expect(
        await told(store, () => store.admit(admission({ accountId, start, deliveries: deliveries() }))),
      ).toEqual(['work']);
    });

    it('is progress, for who listens to the generation, and a beginning with webhooks', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const lease = { generationId: id, worker: 'w1' };
      const lost = { generationId: id, worker: 'w2' };
      const progress = { percent: 5, metrics: {} };
      const deliveries = [newDelivery({ accountId })];
      expect(await told(store, () => store.noteProgress(lease, progress))).toEqual(['running']);
      expect(await told(store, () => store.noteProgress(lost, progress))).toEqual([]);
      expect(await told(store, () => store.beginAttempt({ ...lost, ...attempt, deliveries }))).toEqual([]);
      expect(await told(store, () => store.beginAttempt({ ...lease, ...attempt, deliveries }))).toEqual([
        'work',
      ]);
    });

    it('is due by kind: generations and webhooks do not hide each other', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      await admitted(store, { accountId, start });
      expect(await store.nextDue('generations')).toBe(START + MINUTE);
      expect(await store.nextDue('deliveries')).toBeNull();
      const id = await admitted(store, { accountId, createdAt: START + 20 });
      const delivery = newDelivery({ accountId, createdAt: START + 10 });
      expect(await store.nextDue('generations')).toBe(START + 20);
      await store.settle(settlement(id, CANCELED, { deliveries: [delivery] }));
      expect(await store.nextDue('generations')).toBe(START + MINUTE);
      expect(await store.nextDue('deliveries')).toBe(START + 10);
      await store.claimDeliveries({ worker: 'w', limit: 1, now: START + 10, leaseUntil: START + 30 });
      expect(await store.nextDue('deliveries')).toBe(START + 30);
    });
  });

  describe('publishing', () => {
    const fresh = freshStores(open);

    it('under an id that is taken is a fault of the program: nothing is settled by it', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const publish: PublishedModel = {
        dialect: 'llmtune',
        id: 'mine',
        accountId,
        name: 'mine',
        kind: 'text',
        base: 'meta/llama',
        route: { provider: 'sandbox', model: 'trained/mine' },
        createdAt: START,
      };
      const first = await running(store, { accountId });
      await store.settle(settlement(first, { ...succeeded(1), publish }));
      const second = await running(store, { accountId });
      const beside = await running(store, { accountId });
      const [refused, settled] = await Promise.allSettled([
        store.settle(settlement(second, { ...succeeded(1), publish: { ...publish, name: 'other' } })),
        store.settle(settlement(beside, FAILED)),
      ]);
      expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'internal_error' } });
      expect(settled).toMatchObject({ status: 'fulfilled', value: { kind: 'settled' } });
      expect(await store.generation(second)).toMatchObject({ status: 'running', charged: null });
      expect(await store.publishedModels(accountId, 'llmtune')).toEqual([publish]);
      expect((await store.reconcile()).findings).toEqual([]);
    });
  });
}
