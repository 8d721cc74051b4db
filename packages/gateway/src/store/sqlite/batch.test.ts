import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fundedAccount, newAuditEntry } from '../conformance/fixtures.ts';
import { runBatch } from './batch.ts';
import { Connection } from './connection.ts';
import { migrate } from './migrate.ts';
import type { Task } from './operations/index.ts';
import { openTemporary, temporaryFile } from './testing.ts';

const account = (id: string): Task => ({
  name: 'createAccount',
  command: { id, name: id, plan: 'pro', status: 'active', limits: {}, createdAt: 1 },
});

describe('runBatch', () => {
  let path: string;
  let remove: () => void;
  let db: Connection;
  beforeEach(() => {
    ({ path, remove } = temporaryFile());
    db = new Connection({ path });
    migrate(db, 1);
  });
  afterEach(() => {
    db.close();
    remove();
  });

  const names = () => db.all<{ id: string }>('SELECT id FROM accounts ORDER BY id').map((row) => row.id);

  it('refuses only the operation that throws and keeps the others, before it and after it', () => {
    const outcomes = runBatch(db, [account('a'), account('b'), account('a'), account('c')]);
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, true, false, true]);
    expect(outcomes[2]).toMatchObject({ error: { code: 'internal_error' } });
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('takes back all that a refused operation wrote', () => {
    runBatch(db, [account('a')]);
    const topUp = { accountId: 'a', amount: 5, bucket: 'permanent', reference: null, now: 1 } as const;
    const outcomes = runBatch(db, [
      { name: 'topUp', command: topUp },
      // The balance is changed before the ledger refuses the amount.
      { name: 'topUp', command: { ...topUp, amount: 0 } },
      { name: 'topUp', command: topUp },
    ]);
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, false, true]);
    expect(db.get('SELECT permanent_funds AS funds FROM accounts')).toEqual({ funds: 10 });
    expect(db.get('SELECT count(*) AS n FROM transfers')).toEqual({ n: 2 });
  });

  it('refuses all of it when the storage fails, and goes on when it is back', () => {
    const other = new Connection({ path });
    const hurried = new Connection({ path, busyTimeoutMs: 20 });
    other.run('BEGIN IMMEDIATE');
    const outcomes = runBatch(hurried, [account('a'), account('b')]);
    expect(outcomes).toMatchObject([
      { ok: false, error: { code: 'storage_unavailable' } },
      { ok: false, error: { code: 'storage_unavailable' } },
    ]);
    other.run('ROLLBACK');
    expect(runBatch(hurried, [account('a')])).toMatchObject([{ ok: true }]);
    expect(names()).toEqual(['a']);
    other.close();
    hurried.close();
  });
});

describe('a full disk', () => {
  it('refuses what needs room and takes the rest, before and after', async () => {
    const { store, close } = await openTemporary({ maxBytes: 512 * 1024 });
    const accountId = await fundedAccount(store);
    const detail = 'x'.repeat(64 * 1024);
    const fill = () => store.recordAudit(newAuditEntry({ action: 'fill', detail }));
    const filled = await Promise.allSettled(Array.from({ length: 20 }, fill));
    const refusals = filled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refusals.length).toBeGreaterThan(0);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'storage_unavailable' });
    expect(await store.updateAccount(accountId, { status: 'paused' })).toMatchObject({ status: 'paused' });
    expect((await store.reconcile()).findings).toEqual([]);
    await close();
  });
});
