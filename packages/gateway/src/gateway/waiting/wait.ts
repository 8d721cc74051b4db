import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { Core } from '../core.ts';
import { lookAt, onChange } from './watchers.ts';

const LOOK_AGAIN_MS = 250;

/**
 * Waits until a generation ended, or `timeoutMs` passed, or `signal` fired, and returns it as it then is. Wakes on the
 * store's notification, so it also hears of what other processes do; it never polls while nothing is written.
 *
 * A store that cannot be read for a moment ends no wait, for the work behind it goes on and is charged: it is looked at again.
 * Undefined where there is no such generation, or none could be read in the end.
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
