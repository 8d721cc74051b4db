import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedStore } from '../conformance/harness.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { SqliteOptions } from './store-file.ts';

/** A new folder, which the caller has to remove, and the path of a database in it. */
export function temporaryFile(): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'genlock-store-'));
  return { path: join(folder, 'genlock.db'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export async function openTemporary(
  options: Omit<SqliteOptions, 'path'> = {},
): Promise<OpenedStore & { readonly path: string }> {
  const { path, remove } = temporaryFile();
  let store = await openSqliteStore({ path, ...options });
  return {
    store,
    path,
    reopen: async () => {
      await store.close();
      store = await openSqliteStore({ path, ...options });
      return store;
    },
    close: async () => {
      await store.close();
      remove();
    },
  };
}
