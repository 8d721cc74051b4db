import type { CanonicalCode } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import type { Connection } from './connection.ts';
import { isStorageFailure, toGenlockError } from './errors.ts';
import { perform, type Task } from './operations/index.ts';

/** The result of an operation, in a form that can cross threads. */
export type TaskOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: WireError };

export interface WireError {
  readonly code: CanonicalCode;
  readonly message: string;
  readonly raw: string | undefined;
}

/**
 * Group commit: all tasks in one transaction, so that they share one wait for the disk. If one of them throws, everything is rolled back
 * and run again with a savepoint around each task, so that only the bad one is refused. Savepoints in the first run would slow down every
 * batch for a rare case. A failure of the storage itself refuses the whole batch.
 */
export function runBatch(db: Connection, tasks: readonly Task[]): readonly TaskOutcome[] {
  try {
    return db.write(() => tasks.map((task) => ({ ok: true, value: perform(db, task) })));
  } catch (error) {
    const sole = tasks.length === 1;
    if (sole || isStorageFailure(error)) return tasks.map(() => refused(error));
  }
  try {
    return db.write(() => tasks.map((task) => isolated(db, task)));
  } catch (error) {
    return tasks.map(() => refused(error));
  }
}

function isolated(db: Connection, task: Task): TaskOutcome {
  db.run('SAVEPOINT task');
  try {
    const value = perform(db, task);
    db.run('RELEASE task');
    return { ok: true, value };
  } catch (error) {
    if (isStorageFailure(error)) throw error;
    db.run('ROLLBACK TO task');
    db.run('RELEASE task');
    return refused(error);
  }
}

function refused(thrown: unknown): TaskOutcome {
  return { ok: false, error: toWireError(thrown) };
}

export function toWireError(thrown: unknown): WireError {
  const error = toGenlockError(thrown);
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return { code: error.code, message: error.message, raw: error.detail.raw ?? cause };
}

export function reviveError(error: WireError): GenlockError {
  return new GenlockError(error.code, error.message, error.raw === undefined ? {} : { raw: error.raw });
}
