import { describe, expect, it } from 'vitest';
import { admission, admitted, fundedAccount, idempotency, MINUTE, START } from './fixtures.ts';
import { freshStores, type OpenStore } from './harness.ts';

export function describeIdempotency(open: OpenStore): void {
  describe('idempotency', () => {
    const fresh = freshStores(open);

    it('remembers what the key made', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const claim = idempotency('k');
      const targetId = await admitted(store, { accountId, idempotency: claim });
      const record = { fingerprint: claim.fingerprint, targetId };
      expect(await store.idempotencyRecord(claim.digest, START)).toEqual(record);
      expect(await store.idempotencyRecord(claim.digest, START * 2)).toEqual(record);
      expect(await store.idempotencyRecord(idempotency('l').digest, START)).toBeUndefined();
    });

    it('forgets a record from the moment it expires and lets the key be used anew', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      const claim = idempotency('k', 'body', START + MINUTE);
      const first = await admitted(store, { accountId, idempotency: claim });

      expect(await store.idempotencyRecord(claim.digest, START + MINUTE - 1)).toMatchObject({
        targetId: first,
      });
      expect(await store.idempotencyRecord(claim.digest, START + MINUTE)).toBeUndefined();

      const again = { accountId, createdAt: START + MINUTE, idempotency: idempotency('k', 'other') };
      expect(await store.rehearseAdmit(admission(again))).toEqual({ kind: 'admitted' });
      const second = await admitted(store, again);
      expect(await store.idempotencyRecord(claim.digest, START + MINUTE)).toMatchObject({ targetId: second });
    });

    it('replays a key even when many others have expired meanwhile', async () => {
      const { store } = await fresh();
      const accountId = await fundedAccount(store);
      for (let i = 0; i < 20; i++)
        await admitted(store, { accountId, idempotency: idempotency(`old ${i}`, 'body', START + i) });
      const kept = idempotency('kept', 'body', START + 2 * MINUTE);
      const id = await admitted(store, { accountId, createdAt: START + MINUTE, idempotency: kept });
      expect(
        await store.admit(admission({ accountId, createdAt: START + MINUTE, idempotency: kept })),
      ).toEqual({
        kind: 'replayed',
        targetId: id,
      });
    });
  });
}
