import { type Generation, isTerminal } from '../domain/generation.ts';
import type { StoreEvent } from '../store/port.ts';
import type { Core } from './core.ts';

type Listener = () => void;

/** Who watches what in one process. One subscription serves all: ten thousand would each be called for every change. */
class Watchers {
  readonly #byId = new Map<string, Set<Listener>>();
  #unsubscribe: (() => void) | undefined;
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  add(id: string, listener: Listener): () => void {
    const own = this.#byId.get(id) ?? new Set();
    own.add(listener);
    this.#byId.set(id, own);
    this.#unsubscribe ??= this.#core.store.subscribe((event) => this.#tell(event));
    return () => {
      own.delete(listener);
      if (own.size === 0 && this.#byId.get(id) === own) this.#byId.delete(id);
      if (this.#byId.size > 0) return;
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
    };
  }

  #tell(event: StoreEvent): void {
    if (event.kind === 'changed') for (const listener of this.#byId.get(event.generationId) ?? []) listener();
    if (event.kind !== 'unknown') return;
    for (const listeners of this.#byId.values()) for (const listener of listeners) listener();
  }
}

const watchers = new WeakMap<Core, Watchers>();

/**
 * A generation as it is now, and again whenever it has changed, until it has ended or `signal` fires. Changes that come while one is
 * looked at are seen as one.
 */
export async function* watch(
  core: Core,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Generation, void, undefined> {
  const all = watchers.get(core) ?? new Watchers(core);
  watchers.set(core, all);
  let changed = true;
  let wake = (): void => {};
  const look = (): void => {
    changed = true;
    wake();
  };
  // Before the first look: a change between the two would be missed otherwise.
  const leave = all.add(id, look);
  signal.addEventListener('abort', look, { once: true });
  try {
    for (;;) {
      changed = false;
      const generation = await core.store.generation(id);
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
