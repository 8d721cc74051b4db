import { GenlockError } from '../domain/error.ts';
import type { Generation } from '../domain/generation.ts';
import type { Core } from './core.ts';
import { settle } from './settle.ts';

/**
 * Cancels a generation and releases its whole hold at once. Canceling what is canceled changes nothing. A worker that runs it
 * hears of it by the store's notification, stops, and finds its own outcome refused.
 *
 * @param which `queued`: only before it runs; `unfinished`: also while it runs
 * @returns the canceled generation
 * @throws GenlockError `not_found`, `invalid_state` (it ended otherwise, or runs and only queued ones may be canceled)
 */
export async function cancel(
  core: Core,
  generationId: string,
  which: 'queued' | 'unfinished',
): Promise<Generation> {
  const generation = await core.store.generation(generationId);
  if (generation === undefined) throw new GenlockError('not_found');
  const result = await settle(core, {
    generation,
    outcome: { status: 'canceled' },
    ...(which === 'queued' && { onlyIf: 'queued' as const }),
  });
  if (result.kind === 'refused' && result.status !== 'canceled') {
    throw new GenlockError('invalid_state', `A generation that is ${result.status} cannot be canceled.`, {
      reason: 'not_cancelable',
    });
  }
  return (await core.store.generation(generationId)) ?? generation;
}
