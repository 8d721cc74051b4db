import { GenlockError } from '../domain/error.ts';
import { type Generation, isTerminal } from '../domain/generation.ts';
import { cancel } from './cancel.ts';
import type { Core } from './core.ts';
import { surely } from './surely.ts';

/**
 * Deletes a generation for its owner: it leaves the lists and its files are deleted, while the ledger and the operator's view keep its
 * history. If it has not ended, it is canceled first and its whole hold released.
 *
 * @returns the generation in its last state
 * @throws GenlockError `not_found` (also if it was deleted before), `invalid_state` (it is inline)
 */
export async function deleteGeneration(core: Core, id: string): Promise<Generation> {
  const ended = await end(core, id);
  const now = core.now();
  const blobs = await surely<readonly string[] | undefined>(
    core,
    id,
    () => core.store.deleteGeneration(id, now),
    // No row names its files any more, so the sweep deletes them.
    async () => ((await core.store.generation(id))?.deletedAt == null ? undefined : []),
  );
  if (blobs === undefined) throw new GenlockError('internal_error', 'A generation could not be deleted.');
  // The rows are gone, so nobody can reach the files any more. A file that cannot be deleted now is swept later.
  for (const blob of blobs) {
    await core.blobs
      .remove(blob)
      .catch((error) => core.log.warn({ generation: id, blob, err: error }, 'blob not removed'));
  }
  return { ...ended, deletedAt: now };
}

async function end(core: Core, id: string): Promise<Generation> {
  const generation = await core.store.generation(id);
  if (generation === undefined || generation.deletedAt !== null) throw new GenlockError('not_found');
  if (isTerminal(generation.status)) return generation;
  try {
    return await cancel(core, id, 'unfinished');
  } catch (thrown) {
    // It ended on its own in the meantime, which is just as good.
    if (GenlockError.from(thrown).code !== 'invalid_state') throw thrown;
    const now = await core.store.generation(id);
    if (now === undefined || !isTerminal(now.status)) throw thrown;
    return now;
  }
}
