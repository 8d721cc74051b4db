import { readdirSync, readFileSync } from 'node:fs';
import { GenlockError } from '../../domain/error.ts';
import type { Connection } from './connection.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);

/** The files `0001_initial.sql`, `0002_….sql`, …, in order. */
export function readMigrations(): readonly Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({
      version: Number.parseInt(name, 10),
      name,
      sql: readFileSync(new URL(name, FOLDER), 'utf8'),
    }));
}

/**
 * Brings the database to this version of the program. Safe under concurrency: the version is read again under the write lock, so that of
 * several migrators one works and the others find nothing to do. All migrations run in one transaction: if one fails, the database stays as
 * it was.
 *
 * @throws GenlockError `storage_unavailable` if a newer version of the program has migrated the database
 */
export function migrate(connection: Connection, now: number, migrations = readMigrations()): void {
  if (pending(connection, migrations).length === 0) return;
  connection.write(() => {
    connection.db.exec(
      'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
    );
    for (const migration of pending(connection, migrations)) {
      connection.db.exec(migration.sql);
      connection.db
        .prepare('INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, ?)')
        .run(migration.version, migration.name, now);
    }
  });
}

function pending(connection: Connection, migrations: readonly Migration[]): readonly Migration[] {
  const current = versionOf(connection);
  const latest = migrations.at(-1)?.version ?? 0;
  if (current > latest)
    throw new GenlockError(
      'storage_unavailable',
      `The database is at version ${current}, newer than this program (${latest}). Start the newer program, or restore a backup.`,
    );
  return migrations.filter((migration) => migration.version > current);
}

function versionOf(connection: Connection): number {
  const table = connection.db
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'`)
    .get();
  if (table === undefined) return 0;
  return Number(connection.db.prepare('SELECT max(version) AS version FROM migrations').get()?.version ?? 0);
}
