import type { Core } from '../core.ts';

/** A caller who waits for what nobody brings him later. */
interface Waiting {
  /** Ends his wait with what there is. */
  readonly stop?: (() => void) | undefined;
}

class WaitingCallers {
  readonly #all = new Set<Waiting>();
  readonly #whenServed = new Set<() => void>();

  add(one: Waiting): () => void {
    this.#all.add(one);
    return () => {
      if (!this.#all.delete(one) || this.#all.size > 0) return;
      for (const resolve of this.#whenServed) resolve();
    };
  }

  async served(graceMs: number): Promise<void> {
    if (this.#all.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenServed.add(resolve);
    const timer = setTimeout(resolve, graceMs);
    await promise;
    clearTimeout(timer);
    this.#whenServed.delete(resolve);
    for (const { stop } of this.#all) stop?.();
  }
}

const callers = new WeakMap<Core, WaitingCallers>();

function callersOf(core: Core): WaitingCallers {
  const known = callers.get(core) ?? new WaitingCallers();
  callers.set(core, known);
  return known;
}

/**
 * A process that drains stays for callers who wait, until the returned function is called.
 *
 * @param stop called when it can stay no longer; callers without it hear of that by `core.stopped`
 */
export function callerWaits(core: Core, stop?: () => void): () => void {
  return callersOf(core).add({ stop });
}

/** Resolves when nobody waits any more, at the latest after `graceMs`; those who still do are stopped then. */
export function callersServed(core: Core, graceMs: number): Promise<void> {
  return callersOf(core).served(graceMs);
}
