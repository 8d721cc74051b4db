import type { Store } from '../../store/port.ts';
import type { Log } from '../../telemetry/log.ts';
import type { ModelRegistry } from './model-registry.ts';

/** Notifications are gathered for this long. The store may be written a thousand times a second, but these changes are rare. */
const GATHER_MS = 25;

/**
 * Takes over the operator's run-time changes of models: all of them now, and later changes by other processes within a tenth of a second.
 *
 * @param onChange called when another process changed something
 * @returns a function that stops it
 */
export async function followModels(
  store: Pick<Store, 'modelOverrides' | 'subscribe'>,
  models: ModelRegistry,
  log: Log,
  onChange: () => void = () => {},
): Promise<() => void> {
  let timer: NodeJS.Timeout | undefined;
  // Read and applied in one turn of the event loop, so that a change by this process comes either before both or after both.
  const look = async (): Promise<boolean> => models.replaceOverrides(await store.modelOverrides());
  const unsubscribe = store.subscribe(({ kind }) => {
    if (kind !== 'unknown' || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      look()
        .then((changed) => changed && onChange())
        .catch((error) => log.error({ err: error }, 'changes of models could not be read'));
    }, GATHER_MS);
    timer.unref();
  });
  await look();
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
