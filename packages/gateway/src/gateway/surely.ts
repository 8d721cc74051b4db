import { GenlockError } from '../domain/error.ts';
import type { Core } from './core.ts';
import { firmly } from './run/firmly.ts';

/** Whoever waits for the answer is kept waiting for some tenths of a second. */
const TRIES = 3;

/** Whether the answer of a write was lost: it may have been done all the same. */
export function isLost(error: unknown): boolean {
  return (
    error instanceof GenlockError && error.code === 'storage_unavailable' && error.detail.accepted === 'maybe'
  );
}

/**
 * Makes a write that must not be made twice. Where its answer was lost, what it left tells whether it was done: told as failed, it would
 * be made again, and paid again.
 *
 * @param find what its answer would have been, read off what it left; undefined: it left nothing
 * @throws GenlockError what the write failed with, where it was not done; `outcome_unknown` where that cannot be read either
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

/** A read that an answer depends on, again where the store cannot be read for a moment. @throws what the last try threw */
export function patiently<T>(core: Core, id: string, read: () => Promise<T>): Promise<T> {
  return firmly(read, { log: core.log, generationId: id, tries: TRIES });
}

/** A write that changes nothing when it is made again, again where its answer was lost. @throws what the last try threw */
export function repeatedly<T>(core: Core, id: string, write: () => Promise<T>): Promise<T> {
  return firmly(write, { log: core.log, generationId: id, tries: TRIES, repeats: isLost });
}
