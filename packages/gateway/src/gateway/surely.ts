import { GenlockError } from '../domain/error.ts';
import type { Core } from './core.ts';
import { firmly } from './firmly.ts';

/** Few enough that a waiting caller is delayed by only a few tenths of a second. */
const TRIES = 3;

/** Whether the answer of a write was lost, so that the write may have been done. */
export function isLost(error: unknown): boolean {
  return (
    error instanceof GenlockError && error.code === 'storage_unavailable' && error.detail.accepted === 'maybe'
  );
}

/**
 * Makes a write that must not be made twice. If its answer is lost, `find` tells from the store whether it was done: reported as failed, it
 * would be made, and paid, again.
 *
 * @param find what the answer would have been, derived from what the write left in the store; undefined: nothing was written
 * @throws GenlockError the error of the write, if it was not done; `outcome_unknown` if that cannot be found out
 */
export async function surely<T>(
  core: Core,
  id: string,
  write: () => Promise<T>,
  find: () => Promise<T | undefined>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isLost(error)) throw error;
    core.log.warn({ generation: id, err: error }, 'the answer of a write was lost');
    const found = await patiently(core, id, find).catch((cause) => {
      throw new GenlockError('outcome_unknown', 'Nobody can tell whether it was done.', { cause });
    });
    if (found !== undefined) return found;
    throw new GenlockError('storage_unavailable', undefined, { cause: error });
  }
}

/** A read that an answer depends on, repeated while the store cannot be read for a moment. @throws the error of the last try */
export function patiently<T>(core: Core, id: string, read: () => Promise<T>): Promise<T> {
  return firmly(read, { log: core.log, generationId: id, tries: TRIES });
}

/** A write that can be made twice without harm, repeated if its answer is lost. @throws the error of the last try */
export function repeatedly<T>(core: Core, id: string, write: () => Promise<T>): Promise<T> {
  return firmly(write, { log: core.log, generationId: id, tries: TRIES, repeats: isLost });
}
