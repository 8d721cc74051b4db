import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { Core } from '../core.ts';
import { LOOK_AGAIN_MS, lookAt, onChange } from './watchers.ts';

/**
 * Waits until a generation has ended, `timeoutMs` has passed, or `signal` has fired, and returns its state at that time. It is woken by the
 * store's notification, so it also learns of changes by other processes, and it does not poll while nothing is written.
 *
 * If the store cannot be read for a moment, the wait continues, because the work goes on and is charged. Returns undefined if there is no
 * such generation, or if it could not be read at the end.
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
  // Subscribed before the first look; otherwise an end between the two would be missed.
  const unsubscribe = onChange(core, id, () => look());
  const timer = setTimeout(end, timeoutMs);
  let again: NodeJS.Timeout | undefined;
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) end();
  try {
    look = () => {
      lookAt(core, id).then(
        (g) => (g === undefined || isTerminal(g.status)) && resolve(g),
        () => {
          clearTimeout(again);
          again = setTimeout(look, LOOK_AGAIN_MS);
        },
      );
    };
    look();
    return (await over) ?? (await core.store.generation(id));
  } catch (err) {
    core.log.warn({ generation: id, err }, 'a generation that is waited for cannot be read');
    return undefined;
  } finally {
    look = () => {};
    clearTimeout(timer);
    clearTimeout(again);
    signal?.removeEventListener('abort', end);
    unsubscribe();
  }
}
