import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { Core } from '../core.ts';
import { lookAt, onChange } from './watchers.ts';

/**
 * A generation at each change of its status, from what it is now to its end; then it ends. A run that came and went between two
 * looks is told all the same, so that every listener sees the same steps. Ends early when `signal` fires.
 */
export async function* follow(
  core: Core,
  first: Generation,
  signal: AbortSignal,
): AsyncGenerator<Generation, void, undefined> {
  let changed = Promise.withResolvers<void>();
  const wake = (): void => changed.resolve();
  // Subscribed before the first look: a change between the two would be missed otherwise.
  const unsubscribe = onChange(core, first.id, wake);
  signal.addEventListener('abort', wake, { once: true });
  try {
    yield first;
    let told = first;
    while (!isTerminal(told.status) && !signal.aborted) {
      changed = Promise.withResolvers();
      const now = await lookAt(core, first.id);
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
