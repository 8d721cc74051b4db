/**
 * Decides who is sent to next. A host has at most `perHost` attempts at once, and all hosts together at most `total`: a receiver that hangs
 * fills only its own slots and its own queue.
 */
export class HostQueue<T> {
  readonly #total: number;
  readonly #perHost: number;
  readonly #active = new Map<string, number>();
  readonly #waiting = new Map<string, T[]>();
  #running = 0;

  constructor(total: number, perHost: number) {
    this.#total = total;
    this.#perHost = perHost;
  }

  /** How many more attempts could be under way. */
  get free(): number {
    return this.#total - this.#running;
  }

  waitingFor(host: string): number {
    return this.#waiting.get(host)?.length ?? 0;
  }

  add(host: string, item: T): void {
    const queue = this.#waiting.get(host);
    if (queue === undefined) this.#waiting.set(host, [item]);
    else queue.push(item);
  }

  /** Takes the oldest item of a host with a free slot. The host holds the slot until {@link done}. */
  next(): { readonly host: string; readonly item: T } | undefined {
    if (this.free <= 0) return undefined;
    for (const [host, queue] of this.#waiting) {
      const active = this.#active.get(host) ?? 0;
      if (active >= this.#perHost) continue;
      const item = queue.shift();
      // Moves the host to the end, so that hosts take turns.
      this.#waiting.delete(host);
      if (queue.length > 0) this.#waiting.set(host, queue);
      if (item === undefined) continue;
      this.#active.set(host, active + 1);
      this.#running++;
      return { host, item };
    }
    return undefined;
  }

  done(host: string): void {
    const active = (this.#active.get(host) ?? 1) - 1;
    if (active === 0) this.#active.delete(host);
    else this.#active.set(host, active);
    this.#running--;
  }

  /** Removes everything that waits and returns it. */
  clear(): T[] {
    const left = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return left;
  }
}
