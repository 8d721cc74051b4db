import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { Core } from '../core.ts';
import { lookFirmly, onChange } from './watchers.ts';

/**
 * Yields a generation now, and again after every change until it has ended or `signal` fires. Changes that arrive during a look count as
 * one.
 */
export async function* watch(
  core: Core,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Generation, void, undefined> {
  let changed = true;
  let wake = (): void => {};
  const look = (): void => {
    changed = true;
    wake();
  };
  // Subscribed before the first look; otherwise a change between the two would be missed.
  const leave = onChange(core, id, look);
  signal.addEventListener('abort', look, { once: true });
  try {
    for (;;) {
      changed = false;
      const generation = await lookFirmly(core, id, signal).catch(() => undefined);
      if (generation === undefined) return;
      yield generation;
      if (isTerminal(generation.status) || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      if (!changed && !signal.aborted) await promise;
      if (signal.aborted) return;
    }
  } finally {
    signal.removeEventListener('abort', look);
    leave();
  }
}
