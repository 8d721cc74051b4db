import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import type { Check } from './finding.ts';

export interface Repair {
  readonly check: Check;
  readonly done: boolean;
  /** What was done, or why it was not. */
  readonly words: string;
}

/** Writes the repairs into the audit log of the gateway that they were made for. Without a database there is no log. */
export async function noteRepairs(
  database: string,
  repairs: readonly Repair[],
  now = Date.now(),
): Promise<void> {
  if (repairs.length === 0 || !existsSync(database)) return;
  const store = await openSqliteStore({ path: database });
  try {
    for (const { check, done, words } of repairs)
      await store.recordAudit({
        at: now,
        actor: `user:${userInfo().username}`,
        client: 'cli',
        address: null,
        requestId: null,
        action: 'doctor.repair',
        target: check,
        outcome: done ? 'done' : 'failed',
        detail: words,
      });
  } finally {
    await store.close();
  }
}
