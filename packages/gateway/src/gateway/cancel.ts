import { GenlockError } from '../domain/error.ts';
import { type Generation, isTerminal } from '../domain/generation.ts';
import { chargeFor, type Usage } from '../domain/pricing.ts';
import type { Core } from './core.ts';
import { settle } from './settle.ts';
import { patiently, repeatedly } from './surely.ts';

const NOTHING: Usage = {};

/**
 * Cancels a generation and releases its whole hold at once. Canceling again changes nothing. A worker that runs the generation learns of it
 * from the store's notification and stops; its own outcome is then refused by the store.
 *
 * @param which `queued`: only before it runs; `unfinished`: also while it runs
 * @param used what was already used, for contracts that charge for it
 * @returns the canceled generation
 * @throws GenlockError `not_found`, `invalid_state` (it has already ended otherwise, it is inline, or it runs and only queued ones may be
 * canceled)
 */
export async function cancel(
  core: Core,
  generationId: string,
  which: 'queued' | 'unfinished',
  used: (generation: Generation) => Usage = () => NOTHING,
): Promise<Generation> {
  const generation = await core.store.generation(generationId);
  if (generation === undefined) throw new GenlockError('not_found');
  // The text continues while its caller listens. With the hold released, the rest would be free.
  if (generation.inline && !isTerminal(generation.status))
    throw new GenlockError(
      'invalid_state',
      'A call that is answered while it runs only ends early when its caller hangs up.',
      {
        reason: 'not_cancelable',
      },
    );
  const delivered = used(generation);
  const charge = delivered === NOTHING ? 0 : chargeFor(generation.price, delivered, generation.quote);
  const result = await repeatedly(core, generationId, () =>
    settle(core, {
      generation,
      outcome: { status: 'canceled', ...(charge > 0 && { charge, delivered }) },
      ...(which === 'queued' && { onlyIf: 'queued' as const }),
    }),
  );
  if (result.kind === 'refused' && result.status !== 'canceled') {
    throw new GenlockError(
      'invalid_state',
      which === 'queued' ? 'Only what still waits can be canceled.' : 'What has ended cannot be canceled.',
      {
        reason: 'not_cancelable',
      },
    );
  }
  return (await patiently(core, generationId, () => core.store.generation(generationId))) ?? generation;
}
