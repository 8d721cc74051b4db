import type { StoreEvent } from '../port.ts';

type Listener = (event: StoreEvent) => void;

/** The listeners for changes. `onAudience` is called when the first one comes and when the last one has gone. */
export class Notices {
  readonly #listeners = new Set<Listener>();
  readonly #onAudience: (present: boolean) => void;

  constructor(onAudience: (present: boolean) => void) {
    this.#onAudience = onAudience;
  }

  subscribe(listener: Listener): () => void {
    // A new function each time, so that a listener can subscribe twice.
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
        // The write has succeeded, so a listener's error must reach neither the writer nor the other listeners.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
