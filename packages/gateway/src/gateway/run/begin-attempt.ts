import type { BeginAttempt } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { surely } from '../surely.ts';

/**
 * Writes the intent to call a provider. Where the answer was lost the attempt is there or not: left alone, one that is there would look
 * like a call of unknown fate, although nobody was called.
 *
 * @returns false when the lease is lost: stop
 */
export function beginAttempt(core: Core, command: BeginAttempt): Promise<boolean> {
  const { generationId, n } = command;
  return surely<boolean>(
    core,
    generationId,
    () => core.store.beginAttempt(command),
    async () => (await core.store.attempts(generationId)).some((one) => one.n === n) || undefined,
  );
}
