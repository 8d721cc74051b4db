import { setTimeout as sleep } from 'node:timers/promises';
import { GenlockError } from '../../domain/error.ts';
import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { Admitted } from '../../gateway/admission/admit.ts';
import { cancel } from '../../gateway/cancel.ts';
import type { Core } from '../../gateway/core.ts';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { callerWaits } from '../../gateway/waiting/waiting-callers.ts';

/**
 * The clients hang up after 300 s (contract section 3). By then they must have their answer, and must not pay for work that they never get.
 */
const LONGEST_MS = 285_000;
/** The time that the worker has to end a job that has passed its deadline. */
const AFTER_DEADLINE_MS = 1_000;
const READ_AGAIN_MS = 250;

/**
 * Waits for an image as long as its caller does. Nobody fetches it later, so work that has not ended by then, or when this process stops,
 * is canceled and costs nothing. A caller that hangs up changes nothing: the work is paid for and goes on.
 */
export async function awaitImage(core: Core, admitted: Admitted): Promise<Generation> {
  const [id, deadlineAt] =
    admitted.kind === 'admitted'
      ? [admitted.generation.id, admitted.generation.deadlineAt]
      : [admitted.generationId, Number.POSITIVE_INFINITY];
  const until = Math.min(core.now() + LONGEST_MS, deadlineAt + AFTER_DEADLINE_MS);
  const served = callerWaits(core);
  try {
    while (core.now() < until && !core.stopped.aborted) {
      const generation = await waitForEnd(core, id, until - core.now(), core.stopped);
      if (generation === undefined) await sleep(READ_AGAIN_MS);
      else if (isTerminal(generation.status)) return generation;
    }
    return await giveUp(core, id);
  } finally {
    served();
  }
}

async function giveUp(core: Core, id: string): Promise<Generation> {
  try {
    await cancel(core, id, 'unfinished');
  } catch (thrown) {
    // It ended just before the cancellation, so its result is the answer.
    const ended = GenlockError.from(thrown).code === 'invalid_state' && (await core.store.generation(id));
    if (ended) return ended;
    // The order stands: whoever claims it will make the image and charge for it.
    throw new GenlockError(
      'outcome_unknown',
      'The image was not finished in time, and could not be canceled.',
      {
        cause: thrown,
      },
    );
  }
  throw core.stopped.aborted
    ? new GenlockError('shutting_down')
    : new GenlockError('upstream_timeout', 'The image was not finished in time.');
}
