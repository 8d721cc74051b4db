import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  admitted,
  fundedAccount,
  newAuditEntry,
  running,
  START,
  settlement,
  slot,
  succeeded,
} from '../conformance/fixtures.ts';
import type { OpenedStore } from '../conformance/harness.ts';
import { openTemporary } from './testing.ts';

/* What the schema refuses even if the code is wrong, and what reconcile reports of a database that somebody tampered with. */
describe('the schema', () => {
  let opened: OpenedStore & { readonly path: string };
  let db: DatabaseSync;
  let accountId: string;
  beforeEach(async () => {
    opened = await openTemporary();
    db = new DatabaseSync(opened.path);
    accountId = await fundedAccount(opened.store, { subscription: 5, permanent: 100 });
  });
  afterEach(async () => {
    db.close();
    await opened.close();
  });

  it('lets nobody change or remove a transfer', () => {
    expect(() => db.exec('UPDATE transfers SET permanent = 1000000')).toThrow('append-only');
    expect(() => db.exec('DELETE FROM transfers')).toThrow('append-only');
  });

  it('lets nobody change or remove what the audit log says', async () => {
    await opened.store.recordAudit(newAuditEntry());
    expect(() => db.exec("UPDATE audit SET actor = 'nobody'")).toThrow('append-only');
    expect(() => db.exec('DELETE FROM audit')).toThrow('append-only');
  });

  it('lets no generation be captured, released or held twice', async () => {
    const done = await running(opened.store, { accountId });
    await opened.store.settle(settlement(done, succeeded(4)));
    for (const type of ['hold', 'capture', 'release'])
      expect(() =>
        db.exec(
          `INSERT INTO transfers (account_id, type, subscription, permanent, generation, at)
           VALUES ('${accountId}', '${type}', 0, 1, 1, 1)`,
        ),
      ).toThrow('UNIQUE');
  });

  it.each([
    'permanent_funds = -1',
    'permanent_held = -1',
    'permanent_held = permanent_funds + 1',
    'subscription_held = subscription_funds + 1',
    'permanent_funds = 9007199254740993',
  ])('refuses %s', (change) => {
    expect(() => db.exec(`UPDATE accounts SET ${change}`)).toThrow('CHECK');
  });

  it('refuses a charge above the quote and a slot below zero', async () => {
    await running(opened.store, { accountId, slots: [slot('s', 1)] });
    expect(() =>
      db.exec(`UPDATE generations SET status = 'succeeded', finished_at = 1, charged = quote + 1`),
    ).toThrow('CHECK');
    expect(() => db.exec('UPDATE slots SET used = -1')).toThrow('CHECK');
  });

  it('says what was meddled with', async () => {
    const id = await admitted(opened.store, { accountId, quote: 10, slots: [slot('s', 3)] });
    const charged = await running(opened.store, { accountId, createdAt: START - 1 });
    await opened.store.settle(settlement(charged, succeeded(10)));
    db.exec('UPDATE accounts SET permanent_funds = permanent_funds + 7');
    db.exec('UPDATE slots SET used = 2');
    db.exec(`UPDATE generations SET charged = 9 WHERE id = '${charged}'`);
    db.exec(`UPDATE generations SET status = 'canceled', charged = 0, finished_at = 1 WHERE id = '${id}'`);
    const report = await opened.store.reconcile();
    expect(report.drift).toBe(7);
    expect(report.findings.join('\n')).toBe(
      [
        `account ${accountId}: permanent_funds is 97 but the ledger adds up to 90`,
        `generation ${id} is canceled but still holds 10`,
        `generation ${charged} is charged 9 but 10 was captured`,
        'slot s counts 2 but 0 generations are unfinished',
      ].join('\n'),
    );
  });

  it('misses a hold that is not there', async () => {
    const id = await admitted(opened.store, { accountId, mode: 'test', quote: 0 });
    db.exec(`UPDATE generations SET mode = 'live', quote = 5 WHERE id = '${id}'`);
    expect((await opened.store.reconcile()).findings).toEqual([
      `generation ${id} is queued with a quote of 5 but holds 0`,
    ]);
  });
});
