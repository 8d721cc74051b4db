import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  admission,
  admitted,
  FAILED,
  fundedAccount,
  idempotency,
  MINUTE,
  newKey,
  START,
  settlement,
  sha256,
} from '../conformance/fixtures.ts';
import type { Store, StoreEvent } from '../port.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { temporaryFile } from './testing.ts';

/* Two stores on one file stand for two processes: they share nothing else. */
describe('two processes on one file', () => {
  let file: ReturnType<typeof temporaryFile>;
  let here: Store;
  let there: Store;
  beforeEach(async () => {
    file = temporaryFile();
    here = await openSqliteStore(file);
    there = await openSqliteStore(file);
  });
  afterEach(async () => {
    await here.close();
    await there.close();
    file.remove();
  });

  const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it('see each other’s writes at once', async () => {
    const accountId = await fundedAccount(here);
    const id = await admitted(there, { accountId });
    expect((await here.generation(id))?.status).toBe('queued');
    await here.settle(settlement(id, FAILED));
    expect((await there.generation(id))?.status).toBe('failed');
  });

  it('hear of each other’s writes, and not of their own as somebody else’s', async () => {
    const accountId = await fundedAccount(here);
    const [heardHere, heardThere]: [StoreEvent[], StoreEvent[]] = [[], []];
    const stop = here.subscribe((event) => heardHere.push(event));
    there.subscribe((event) => heardThere.push(event));
    await later(120);
    heardHere.length = 0;
    heardThere.length = 0;
    await admitted(here, { accountId });
    await later(150);
    expect(heardHere.map((e) => e.kind)).toEqual(['work']);
    expect(heardThere.map((e) => e.kind)).toEqual(['unknown']);
    stop();
    heardHere.length = 0;
    await admitted(there, { accountId });
    await later(120);
    expect(heardHere).toEqual([]);
  });

  it('obey a key that was revoked next door within a moment, with nobody subscribed', async () => {
    const accountId = await fundedAccount(here);
    const key = newKey({ accountId });
    const hash = sha256(key.id);
    await here.createKey(key, hash);
    expect((await here.keyByHash(hash))?.key.status).toBe('active');
    await there.updateKey(key.id, { status: 'revoked' });
    await there.updateAccount(accountId, { status: 'paused' });
    await later(60);
    expect(await here.keyByHash(hash)).toMatchObject({
      key: { status: 'revoked' },
      account: { status: 'paused' },
    });
  });

  it('lose no limit that the other one changes at the same time', async () => {
    const accountId = await fundedAccount(here);
    const key = newKey({ accountId });
    await here.createKey(key, sha256(key.id));
    for (let round = 1; round <= 20; round += 1) {
      const limits = { requests_per_minute: round, reads_per_minute: round, concurrent: round };
      const changes = Object.entries(limits).map(([name, value]) => ({ limits: { [name]: value } }));
      await Promise.all(
        changes.flatMap((change, index) => {
          const store = index % 2 === 0 ? here : there;
          return [store.updateAccount(accountId, change), store.updateKey(key.id, change)];
        }),
      );
      expect((await here.account(accountId))?.limits).toEqual(limits);
      expect((await there.key(key.id))?.limits).toEqual(limits);
    }
  });

  it('spend a balance once', async () => {
    const accountId = await fundedAccount(here, { permanent: 70 });
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? here : there).admit(admission({ accountId }))),
    );
    expect(results.filter((r) => r.kind === 'admitted')).toHaveLength(7);
  });

  it('take an idempotency key once', async () => {
    const accountId = await fundedAccount(here);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? here : there).admit(admission({ accountId, idempotency: idempotency('k') })),
      ),
    );
    expect(results.filter((r) => r.kind === 'admitted')).toHaveLength(1);
  });

  it('never claim the same work', async () => {
    const accountId = await fundedAccount(here, { permanent: 10_000 });
    await there.claim({ worker: 'earlier', limit: 999, now: START + 1, leaseUntil: START * 2 });
    await Promise.all(Array.from({ length: 60 }, () => admitted(here, { accountId })));
    const claimed = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (i % 2 ? here : there).claim({ worker: `w${i}`, limit: 7, now: START, leaseUntil: START + MINUTE }),
      ),
    );
    const ids = claimed.flat().map((c) => c.generation.id);
    expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
    expect((await here.reconcile()).findings).toEqual([]);
  });
});
