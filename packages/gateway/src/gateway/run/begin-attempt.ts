import type { BeginAttempt } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { surely } from '../surely.ts';

/**
 * Writes the intent to call a provider. If the answer of the write is lost, this finds out whether the attempt was written: an attempt left
 * behind would look like a call of unknown fate, although nobody was called.
 *
 * @returns false if the lease is lost; the caller must then stop
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
