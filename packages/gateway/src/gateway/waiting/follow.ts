import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { Core } from '../core.ts';
import { lookFirmly, onChange } from './watchers.ts';

/**
 * Yields a generation at each change of its status, from now to its end. A `running` state that came and went between two looks is still
 * yielded, so that every listener sees the same steps. Stops early if `signal` fires.
 */
export async function* follow(
  core: Core,
  first: Generation,
  signal: AbortSignal,
): AsyncGenerator<Generation, void, undefined> {
  let changed = Promise.withResolvers<void>();
  const wake = (): void => changed.resolve();
  // Subscribed before the first look; otherwise a change between the two would be missed.
  const unsubscribe = onChange(core, first.id, wake);
  signal.addEventListener('abort', wake, { once: true });
  try {
    yield first;
    let told = first;
    while (!isTerminal(told.status) && !signal.aborted) {
      changed = Promise.withResolvers();
      const now = await lookFirmly(core, first.id, signal).catch(() => undefined);
      if (now === undefined) return;
      if (now.status !== told.status) {
        if (told.status === 'queued' && isTerminal(now.status) && now.startedAt !== null)
          yield { ...now, status: 'running', finishedAt: null };
        yield now;
        told = now;
        continue;
      }
      if (!signal.aborted) await changed.promise;
    }
  } finally {
    signal.removeEventListener('abort', wake);
    unsubscribe();
  }
}
