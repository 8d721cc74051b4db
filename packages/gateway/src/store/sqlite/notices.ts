import type { StoreEvent } from '../port.ts';

type Listener = (event: StoreEvent) => void;

/** Who wants to hear of changes. `onAudience` is told when the first listener comes and when the last has gone. */
export class Notices {
  readonly #listeners = new Set<Listener>();
  readonly #onAudience: (present: boolean) => void;

  constructor(onAudience: (present: boolean) => void) {
    this.#onAudience = onAudience;
  }

  subscribe(listener: Listener): () => void {
    // A function of its own, so that one listener may subscribe twice.
    const own: Listener = (event) => listener(event);
    this.#listeners.add(own);
    if (this.#listeners.size === 1) this.#onAudience(true);
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) this.#onAudience(false);
    };
  }

  emit(event: StoreEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // What was written is written: the writer must not be told of it as a failure, nor the others left out.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
