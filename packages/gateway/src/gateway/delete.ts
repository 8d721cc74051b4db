import { GenlockError } from '../domain/error.ts';
import { type Generation, isTerminal } from '../domain/generation.ts';
import { cancel } from './cancel.ts';
import type { Core } from './core.ts';

/**
 * Deletes a generation for its owner: it leaves the lists and its files are gone, while the ledger and the operator keep its
 * story. One that has not ended is canceled first, with its whole hold released.
 *
 * @returns it, as it last was
 * @throws GenlockError `not_found` (deleted ones too), `invalid_state` (it runs inline)
 */
export async function deleteGeneration(core: Core, id: string): Promise<Generation> {
  const ended = await end(core, id);
  const now = core.now();
  const blobs = await core.store.deleteGeneration(id, now);
  if (blobs === undefined) throw new GenlockError('internal_error', 'A generation could not be deleted.');
  // The rows are gone, so nobody can reach the files any more; one that stays behind is swept later.
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
    // It ended by itself in between, which is as good.
    if (GenlockError.from(thrown).code !== 'invalid_state') throw thrown;
    const now = await core.store.generation(id);
    if (now === undefined || !isTerminal(now.status)) throw thrown;
    return now;
  }
}
