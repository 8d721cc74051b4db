import type { Generation } from '../../domain/generation.ts';
import type { StoreEvent } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { pause } from '../firmly.ts';

type Listener = () => void;

/** How soon to look again at a generation that could not be read. */
export const LOOK_AGAIN_MS = 250;

/**
 * Who watches what in one process. One subscription serves all: with ten thousand of them, each change would call ten thousand listeners.
 */
class Watchers {
  readonly #byId = new Map<string, Set<Listener>>();
  readonly #looks = new Map<string, Promise<Generation | undefined>>();
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
      this.#looks.clear(); // without a subscription nothing tells when a shared look is out of date
    };
  }

  /** Callers that look at the same time share one read. A read that began before the last change is not shared any more. */
  look(id: string): Promise<Generation | undefined> {
    const underway = this.#looks.get(id);
    if (underway !== undefined) return underway;
    const look = this.#core.store.generation(id).finally(() => {
      if (this.#looks.get(id) === look) this.#looks.delete(id);
    });
    this.#looks.set(id, look);
    return look;
  }

  #tell(event: StoreEvent): void {
    if (event.kind === 'changed') {
      this.#looks.delete(event.generationId);
      for (const listener of this.#byId.get(event.generationId) ?? []) listener();
    }
    if (event.kind !== 'unknown') return;
    this.#looks.clear();
    for (const listeners of this.#byId.values()) for (const listener of listeners) listener();
  }
}

const watchers = new WeakMap<Core, Watchers>();

function watchersOf(core: Core): Watchers {
  const known = watchers.get(core) ?? new Watchers(core);
  watchers.set(core, known);
  return known;
}

/** Calls `listener` whenever a generation may have changed, until what it returns is called. */
export function onChange(core: Core, id: string, listener: Listener): () => void {
  return watchersOf(core).add(id, listener);
}

/** The present state of a generation, with reads shared between its listeners, since many of them look at the same time. */
export function lookAt(core: Core, id: string): Promise<Generation | undefined> {
  return watchersOf(core).look(id);
}

/**
 * The same, repeated while the store cannot be read: the work goes on and is charged, so nobody who follows it may be turned away because
 * of that. @throws the reason of `signal`, if it fires meanwhile
 */
export async function lookFirmly(
  core: Core,
  id: string,
  signal: AbortSignal,
): Promise<Generation | undefined> {
  for (;;) {
    try {
      return await lookAt(core, id);
    } catch (err) {
      core.log.warn({ generation: id, err }, 'a generation that is followed cannot be read');
      await pause(LOOK_AGAIN_MS, signal);
    }
  }
}
