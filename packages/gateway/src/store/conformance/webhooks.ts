import { describe, expect, it } from 'vitest';
import type { DeliveryResult, Store, WebhookEndpoint } from '../port.ts';
import { FAILED, fundedAccount, MINUTE, newDelivery, newId, running, START, settlement } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

const claim = { worker: 'w1', limit: 10, now: START, leaseUntil: START + MINUTE };

/** A generation that has ended, with its webhooks waiting. */
async function waiting(store: Store, n = 1) {
  const accountId = await fundedAccount(store);
  const id = await running(store, { accountId });
  const deliveries = Array.from({ length: n }, () => newDelivery({ accountId, generationId: id }));
  await store.settle(settlement(id, FAILED, { deliveries }));
  return { id, accountId, deliveries };
}

function result(id: string, overrides: Partial<DeliveryResult> = {}): DeliveryResult {
  return {
    id,
    worker: 'w1',
    attempt: { at: START + 1, status: 200, error: null },
    status: 'delivered',
    nextAttemptAt: null,
    ...overrides,
  };
}

function newEndpoint(accountId: string, dialect = 'llmtune'): WebhookEndpoint {
  return {
    id: newId('whe'),
    accountId,
    dialect,
    url: 'https://example.com/h',
    events: ['a', 'b'],
    secrets: [{ sealed: 'sealed', expiresAt: null }],
    status: 'active',
    createdAt: START,
  };
}

export function describeWebhooks(open: OpenStore): void {
  describe('webhook deliveries', () => {
    const fresh = freshStores(open);

    it('are claimed once, byte for byte as they were written', async () => {
      const { store } = await fresh();
      const { id, deliveries } = await waiting(store, 3);
      expect(await store.nextDue('deliveries')).toBe(START);
      const first = await store.claimDeliveries({ ...claim, limit: 2 });
      const second = await store.claimDeliveries({ ...claim, worker: 'w2' });
      expect([...first, ...second]).toEqual(
        deliveries.map((d) => ({
          ...d,
          status: 'pending',
          attempts: [],
          traceparent: null,
          nextAttemptAt: START,
        })),
      );
      expect(await store.claimDeliveries({ ...claim, worker: 'w3' })).toEqual([]);
      expect((await store.deliveries(id)).map((d) => d.id)).toEqual(deliveries.map((d) => d.id));
    });

    it('are tried again at their time, with every attempt in the log', async () => {
      const { store } = await fresh();
      const delivery = (await waiting(store)).deliveries[0]?.id ?? '';
      await store.claimDeliveries(claim);
      const refused = { at: START + 1, status: 503, error: 'it said "no"' };
      const retry = { attempt: refused, status: 'pending', nextAttemptAt: START + 500 } as const;
      expect(await store.recordDelivery(result(delivery, retry))).toBe(true);
      expect(await store.recordDelivery(result(delivery))).toBe(false);
      expect(await store.delivery(delivery)).toMatchObject({
        status: 'pending',
        nextAttemptAt: START + 500,
        attempts: [refused],
      });
      expect(await store.nextDue('deliveries')).toBe(START + 500);
      expect(await store.claimDeliveries({ ...claim, now: START + 499 })).toEqual([]);
      expect(await store.claimDeliveries({ ...claim, now: START + 500 })).toMatchObject([
        { id: delivery, attempts: [refused] },
      ]);
      const answered = { at: START + 501, status: 204, error: null };
      expect(await store.recordDelivery(result(delivery, { attempt: answered }))).toBe(true);
      expect(await store.delivery(delivery)).toMatchObject({
        status: 'delivered',
        nextAttemptAt: null,
        attempts: [refused, answered],
      });
      expect(await store.nextDue('deliveries')).toBeNull();
    });

    it('can be claimed by another when the lease ran out, and then not recorded by the first', async () => {
      const { store } = await fresh();
      const delivery = (await waiting(store)).deliveries[0]?.id ?? '';
      await store.claimDeliveries({ ...claim, leaseUntil: START + 2 * MINUTE });
      const other = { ...claim, worker: 'w2', leaseUntil: START + 3 * MINUTE };
      expect(await store.claimDeliveries({ ...other, now: START + MINUTE })).toEqual([]);
      expect(await store.claimDeliveries({ ...other, now: START + 2 * MINUTE })).toHaveLength(1);
      expect(await store.recordDelivery(result(delivery))).toBe(false);
      expect(await store.recordDelivery(result(delivery, { worker: 'w2' }))).toBe(true);
    });

    it('are due at once when the worker gives its leases back', async () => {
      const { store } = await fresh();
      await waiting(store);
      await store.claimDeliveries(claim);
      await store.releaseLeases('w1', START + 3);
      expect(await store.claimDeliveries({ ...claim, worker: 'w2', now: START + 3 })).toHaveLength(1);
    });

    it('keep the secret that came with the job until they have ended', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const id = await running(store, { accountId });
      const delivery = newDelivery({ accountId, generationId: id, sealedSecret: 'sealed' });
      await store.settle(settlement(id, FAILED, { deliveries: [delivery] }));
      expect(await store.claimDeliveries(claim)).toMatchObject([{ sealedSecret: 'sealed' }]);
      await store.recordDelivery(result(delivery.id, { status: 'pending', nextAttemptAt: START + 1 }));
      expect(await store.claimDeliveries({ ...claim, now: START + 1 })).toMatchObject([
        { sealedSecret: 'sealed' },
      ]);
      await store.recordDelivery(result(delivery.id));
      expect((await store.delivery(delivery.id))?.sealedSecret).toBeNull();
    });

    it('take over the secret that came with the job', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const webhook = { url: 'https://example.com/h', events: ['a'] };
      const id = await running(store, { accountId, webhook: { ...webhook, sealedSecret: 'sealed' } });
      expect((await store.generation(id))?.webhook?.sealedSecret).toBe('sealed');
      await store.settle(settlement(id, FAILED, { forgetSecret: true }));
      expect((await store.generation(id))?.webhook).toEqual(webhook);
    });

    it('can be sent again by hand, whatever became of them', async () => {
      const { store } = await fresh();
      const delivery = (await waiting(store)).deliveries[0]?.id ?? '';
      await store.claimDeliveries(claim);
      const attempt = { at: START + 1, status: null, error: 'timeout' };
      await store.recordDelivery(result(delivery, { status: 'failed', attempt }));
      expect(await store.claimDeliveries({ ...claim, now: START + MINUTE })).toEqual([]);
      const again = await store.redeliver(delivery, START + 9);
      expect(again).toMatchObject({ status: 'pending', nextAttemptAt: START + 9, attempts: [attempt] });
      expect(await store.delivery(delivery)).toEqual(again);
      expect(await store.claimDeliveries({ ...claim, now: START + 9 })).toEqual([again]);
      expect(await store.redeliver('whd_unknown', START)).toBeUndefined();
      expect(await store.delivery('whd_unknown')).toBeUndefined();
    });
  });

  describe('webhook endpoints and secrets', () => {
    const fresh = freshStores(open);

    it('lists the endpoints of an account and dialect, oldest first', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const first = newEndpoint(accountId);
      const second = newEndpoint(accountId);
      const other = newEndpoint(accountId, 'kiara');
      for (const each of [first, other, second]) await store.createEndpoint(each);
      expect(await store.endpoints(accountId, 'llmtune')).toEqual([first, second]);
      expect(await store.endpoint(other.id)).toEqual(other);
      expect(await store.endpoint('whe_unknown')).toBeUndefined();
      expect(await store.endpoints(accountId, 'getimg')).toEqual([]);
    });

    it('changes an endpoint, its rotating secrets included', async () => {
      const { store } = await fresh();
      const endpoint = newEndpoint(await fundedAccount(store));
      await store.createEndpoint(endpoint);
      const secrets = [
        { sealed: 'new', expiresAt: null },
        { sealed: 'sealed', expiresAt: START + MINUTE },
      ];
      const newSecret = { sealed: 'new', oldUntil: START + MINUTE };
      expect(await store.updateEndpoint(endpoint.id, { newSecret, status: 'disabled' })).toEqual({
        ...endpoint,
        secrets,
        status: 'disabled',
      });
      expect(await store.endpoint(endpoint.id)).toMatchObject({ secrets, url: endpoint.url });
      const last = { sealed: 'last', oldUntil: null };
      expect(await store.updateEndpoint(endpoint.id, { newSecret: last })).toMatchObject({
        secrets: [{ sealed: 'last', expiresAt: null }],
      });
      expect(await store.updateEndpoint('whe_unknown', { events: [] })).toBeUndefined();
    });

    it('keeps the secret of the other one of two that are made at once', async () => {
      const { store } = await fresh();
      const endpoint = newEndpoint(await fundedAccount(store));
      await store.createEndpoint(endpoint);
      const made = ['one', 'two'].map((sealed) => ({ newSecret: { sealed, oldUntil: START + MINUTE } }));
      await Promise.all(made.map((patch) => store.updateEndpoint(endpoint.id, patch)));
      const { secrets = [] } = (await store.endpoint(endpoint.id)) ?? {};
      expect(secrets.map(({ sealed }) => sealed).toSorted()).toEqual(['one', 'two']);
    });

    it('lists the deliveries of an endpoint, newest first, and fails the pending ones when it goes', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const endpoint = newEndpoint(accountId);
      await store.createEndpoint(endpoint);
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) {
        const generation = await running(store, { accountId });
        const delivery = newDelivery({
          accountId,
          generationId: generation,
          endpointId: endpoint.id,
          sealedSecret: 's',
        });
        await store.settle(settlement(generation, FAILED, { deliveries: [delivery] }));
        ids.unshift(delivery.id);
      }
      await waiting(store);
      const first = await store.deliveriesOf(endpoint.id, 3);
      const second = await store.deliveriesOf(endpoint.id, 3, first.nextCursor ?? undefined);
      expect([...first.data, ...second.data].map((d) => d.id)).toEqual(ids);
      expect(second.nextCursor).toBeNull();

      const [sent] = await store.claimDeliveries({ ...claim, limit: 1 });
      await store.recordDelivery(result(sent?.id ?? ''));
      const [sending] = await store.claimDeliveries({ ...claim, limit: 1 });
      expect(await store.deleteEndpoint(endpoint.id)).toBe(true);
      expect(await store.deleteEndpoint(endpoint.id)).toBe(false);
      expect(await store.endpoint(endpoint.id)).toBeUndefined();
      expect(await store.recordDelivery(result(sending?.id ?? ''))).toBe(false);
      const left = (await store.deliveriesOf(endpoint.id, 9)).data;
      expect(left.map((d) => d.status)).toEqual(['failed', 'failed', 'failed', 'failed', 'delivered']);
      expect(left.every((d) => d.sealedSecret === null)).toBe(true);
      expect(await store.claimDeliveries({ ...claim, now: START + MINUTE })).toHaveLength(1);
    });

    it('keeps one secret per account, dialect and mode, whoever comes first', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const made = await Promise.all(
        [1, 2, 3, 4].map((n) => store.webhookSecret(accountId, 'kiara', 'live', `sealed ${n}`)),
      );
      expect(new Set(made).size).toBe(1);
      expect(await store.webhookSecret(accountId, 'kiara', 'live', 'late')).toBe(made[0]);
      expect(await store.webhookSecret(accountId, 'kiara', 'test', 'other mode')).toBe('other mode');
      await store.replaceWebhookSecret(accountId, 'kiara', 'live', 'rotated');
      expect(await store.webhookSecret(accountId, 'kiara', 'live', 'late')).toBe('rotated');
    });
  });
}
