import { describe, expect, it } from 'vitest';
import type { Store, StoreEvent } from '../port.ts';
import { admitted, FAILED, fundedAccount, MINUTE, newDelivery, START, settlement } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

function listen(store: Store): { heard: StoreEvent[]; stop: () => void } {
  const heard: StoreEvent[] = [];
  return { heard, stop: store.subscribe((event) => heard.push(event)) };
}

async function eventually(check: () => boolean): Promise<void> {
  const until = Date.now() + 5_000;
  while (!check()) {
    if (Date.now() > until) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function describeNotices(open: OpenStore): void {
  describe('notification', () => {
    const fresh = freshStores(open);

    it('tells of work and of every new status, once it can be read', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const { heard } = listen(store);
      const id = await admitted(store, { accountId });
      await eventually(() => heard.some((e) => e.kind === 'work'));
      await store.claim({ worker: 'w', limit: 1, now: START, leaseUntil: START + MINUTE });
      const changes = () =>
        heard.flatMap((e) => (e.kind === 'changed' && e.generationId === id ? [e.status] : []));
      await eventually(() => changes().includes('running'));
      heard.length = 0;
      await store.settle(settlement(id, FAILED, { deliveries: [newDelivery({ accountId })] }));
      await eventually(() => changes().includes('failed') && heard.some((e) => e.kind === 'work'));
    });

    it('reads, in the listener, the status that it was told', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await admitted(store, { accountId });
      const read = new Promise((resolve) => {
        store.subscribe((event) => {
          if (event.kind === 'changed') store.generation(event.generationId).then((g) => resolve(g?.status));
        });
      });
      await store.settle(settlement(id, FAILED));
      expect(await read).toBe('failed');
    });

    it('tells of postponed work, returned leases and redeliveries', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await admitted(store, { accountId });
      await store.claim({ worker: 'w', limit: 1, now: START, leaseUntil: START + MINUTE });
      const { heard } = listen(store);
      const work = () => heard.splice(0).some((e) => e.kind === 'work');
      await store.postpone({ generationId: id, worker: 'w', now: START, dueAt: START + 1 });
      await eventually(work);
      await store.releaseLeases('w', START);
      await eventually(work);
    });

    it('stops when told to, and keeps quiet about refusals', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await admitted(store, { accountId });
      const stopped = listen(store);
      const kept = listen(store);
      stopped.stop();
      stopped.stop();
      await store.settle(settlement(id, FAILED));
      await eventually(() => kept.heard.length > 0);
      const before = kept.heard.filter((e) => e.kind === 'changed').length;
      await store.settle(settlement(id, FAILED));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(kept.heard.filter((e) => e.kind === 'changed')).toHaveLength(before);
      expect(stopped.heard).toEqual([]);
    });
  });
}
