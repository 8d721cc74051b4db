import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { Core } from '../core.ts';
import { lookAt, onChange } from './watchers.ts';

/**
 * Waits until a generation ended, or `timeoutMs` passed, or `signal` fired, and returns it as it then is. Wakes on the
 * store's notification, so it also hears of what other processes do; it never polls while nothing is written.
 */
export async function waitForEnd(
  core: Core,
  id: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Generation | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<Generation | undefined>();
  const end = (): void => resolve(undefined);
  let look = (): void => {};
  // Subscribed before the first look: an end between the two would be missed otherwise.
  const unsubscribe = onChange(core, id, () => look());
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) end();
  try {
    look = () => {
      lookAt(core, id).then((g) => (g === undefined || isTerminal(g.status)) && resolve(g), end);
    };
    look();
    return (await over) ?? (await core.store.generation(id));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    unsubscribe();
  }
}
