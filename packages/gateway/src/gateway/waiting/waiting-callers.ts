import type { Core } from '../core.ts';

/** A caller that waits for an answer it cannot get later. */
interface Waiting {
  /** Ends the wait with what there is. */
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
 * Registers a waiting caller until the returned function is called. A process that drains stays alive for such callers.
 *
 * @param stop called when the process can stay no longer; callers without it are told by `core.stopped`
 */
export function callerWaits(core: Core, stop?: () => void): () => void {
  return callersOf(core).add({ stop });
}

/** Resolves when no caller waits any more, at the latest after `graceMs`; those that still wait are then stopped. */
export function callersServed(core: Core, graceMs: number): Promise<void> {
  return callersOf(core).served(graceMs);
}
