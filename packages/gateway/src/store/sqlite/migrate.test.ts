import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { START } from '../conformance/fixtures.ts';
import { Connection } from './connection.ts';
import { migrate, readMigrations } from './migrate.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { temporaryFile } from './testing.ts';

describe('migrations', () => {
  let file: ReturnType<typeof temporaryFile>;
  beforeEach(() => {
    file = temporaryFile();
  });
  afterEach(() => file.remove());

  const version = (db: Connection) =>
    db.get<{ version: number }>('SELECT max(version) AS version FROM migrations')?.version;

  it('are numbered without gaps, from 1', () => {
    expect(readMigrations().map((m) => m.version)).toEqual(readMigrations().map((_, i) => i + 1));
  });

  it('keep what was flagged before attempts could lose calls', () => {
    const db = new Connection(file);
    migrate(db, START, readMigrations().slice(0, 4));
    db.db.exec('PRAGMA foreign_keys = OFF');
    for (const [n, outcome] of [`'late'`, `'succeeded'`, 'NULL'].entries())
      db.db.exec(
        `INSERT INTO attempts (generation, n, provider, model, started_at, outcome) VALUES (1, ${n}, 'p', 'm', 1, ${outcome})`,
      );
    migrate(db, START);
    expect(db.all('SELECT flag, cost, lost_calls FROM attempts ORDER BY n')).toEqual([
      { flag: 'late', cost: null, lost_calls: 0 },
      { flag: null, cost: null, lost_calls: 0 },
      { flag: null, cost: null, lost_calls: 0 },
    ]);
    db.close();
  });

  it('are applied once and recorded with their time', () => {
    const db = new Connection(file);
    migrate(db, START);
    migrate(db, START + 1);
    expect(db.get('SELECT * FROM migrations WHERE version = 1')).toEqual({
      version: 1,
      name: '0001_initial.sql',
      applied_at: START,
    });
    db.close();
  });

  it('leave the database as it was when one of them fails', () => {
    const db = new Connection(file);
    const first = { version: 1, name: '1', sql: 'CREATE TABLE a (x)' };
    migrate(db, START, [first]);
    const more = [
      { version: 2, name: '2', sql: 'CREATE TABLE b (x)' },
      { version: 3, name: '3', sql: 'CREATE TABLE c (x); CREATE TABLE b (x)' },
    ];
    expect(() => migrate(db, START, [first, ...more])).toThrow('already exists');
    expect(version(db)).toBe(1);
    expect(db.all(`SELECT name FROM sqlite_schema WHERE name IN ('b', 'c')`)).toEqual([]);
    db.close();
  });

  it('refuse a database that a newer program has been at', async () => {
    await (await openSqliteStore(file)).close();
    const db = new DatabaseSync(file.path);
    db.exec(`INSERT INTO migrations VALUES (9999, '9999_future.sql', 1)`);
    db.close();
    await expect(openSqliteStore(file)).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('newer'),
    });
  });

  it('do not get into each other’s way when several processes start at once', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => openSqliteStore(file)));
    for (const store of stores) expect((await store.reconcile()).findings).toEqual([]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('tell clearly that there is no place for a database', async () => {
    await expect(openSqliteStore({ path: '/nowhere/at/all/genlock.db' })).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });
});
