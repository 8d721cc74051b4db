import { describe, expect, it } from 'vitest';
import type { Store, WebhookEndpoint } from '../port.ts';
import { FAILED, fundedAccount, MINUTE, newDelivery, newId, running, START, settlement } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const claim = { worker: 'w1', limit: 10, now: START, leaseUntil: START + MINUTE };

async function waiting(store: Store, accountId: string, endpointId: string | null): Promise<string> {
  const generationId = await running(store, { accountId });
  const delivery = newDelivery({ accountId, endpointId, sealedSecret: 'sealed' });
  await store.settle(settlement(generationId, FAILED, { deliveries: [delivery] }));
  return delivery.id;
}

function newEndpoint(accountId: string): WebhookEndpoint {
  return {
    id: newId('whe'),
    accountId,
    dialect: 'llmtune',
    url: 'https://example.com/h',
    events: [],
    secrets: [{ sealed: 'sealed', expiresAt: null }],
    status: 'active',
    createdAt: START,
  };
}

export function describeEndpointEnds(open: OpenStore): void {
  describe('the end of a webhook', () => {
    const fresh = freshStores(open);

    it('whose endpoint goes is noted in the log, behind the attempts so far', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const endpoint = newEndpoint(accountId);
      await store.createEndpoint(endpoint);
      const id = await waiting(store, accountId, endpoint.id);
      const spared = await waiting(store, accountId, null);
      await store.claimDeliveries({ ...claim, limit: 1 });
      const refused = { at: START + 1, status: 503, error: null };
      const retry = { status: 'pending', nextAttemptAt: START + 500 } as const;
      await store.recordDelivery({ id, worker: 'w1', attempt: refused, ...retry });

      await store.deleteEndpoint(endpoint.id);
      expect(await store.delivery(id)).toMatchObject({
        status: 'failed',
        nextAttemptAt: null,
        attempts: [refused, { at: START + 500, status: null, error: 'the endpoint was deleted' }],
      });
      expect(await store.delivery(spared)).toMatchObject({ status: 'pending', attempts: [] });
      expect(await store.nextDue('deliveries')).toBe(START);
      expect(await store.deleteEndpoint('whe_unknown')).toBe(false);
    });

    it.each(['delivered', 'failed'] as const)('that is %s forgets its secret for good', async (status) => {
      const { store } = await fresh();
      const id = await waiting(store, await fundedAccount(store), null);
      // Redelivered before it ended, so the secret is still there.
      expect(await store.redeliver(id, START)).toMatchObject({ sealedSecret: 'sealed' });
      await store.claimDeliveries(claim);
      const attempt = { at: START + 1, status: 200, error: null };
      await store.recordDelivery({ id, worker: 'w1', attempt, status, nextAttemptAt: null });
      expect(await store.delivery(id)).toMatchObject({ status, sealedSecret: null });
      expect(await store.redeliver(id, START + 2)).toMatchObject({ status: 'pending', sealedSecret: null });
    });
  });
}
