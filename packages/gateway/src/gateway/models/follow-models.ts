import type { Store } from '../../store/port.ts';
import type { Log } from '../../telemetry/log.ts';
import type { ModelRegistry } from './model-registry.ts';

/** Others may write a thousand times a second, and hardly ever write this. */
const GATHER_MS = 25;

/**
 * Takes over what the operator changed of models at run time: all of it now, and what other processes change from now on, within a
 * tenth of a second.
 *
 * @param onChange something is another than it was, by the word of another process
 * @returns ends it
 */
export async function followModels(
  store: Pick<Store, 'modelOverrides' | 'subscribe'>,
  models: ModelRegistry,
  log: Log,
  onChange: () => void = () => {},
): Promise<() => void> {
  let timer: NodeJS.Timeout | undefined;
  // Read and taken over in one turn of the event loop: a change of this process comes before both or after both.
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
