interface Entry {
  calls: number;
  paid: number;
}

/** What the upstream saw of each order, and what it would send a bill for. */
export class CallBook {
  readonly #entries = new Map<string, Entry>();

  /** Counts a call; which one it is, from 1. */
  call(order: string): number {
    const entry = this.#entry(order);
    entry.calls += 1;
    return entry.calls;
  }

  /** The work was taken on. */
  pay(order: string): void {
    this.#entry(order).paid += 1;
  }

  /** The upstream failed by its own word, and charges nothing. */
  refund(order: string): void {
    this.#entry(order).paid -= 1;
  }

  get calls(): number {
    return [...this.#entries.values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  get paid(): number {
    return [...this.#entries.values()].reduce((sum, { paid }) => sum + paid, 0);
  }

  /** Orders that were paid for more than once. */
  paidTwice(): readonly string[] {
    return [...this.#entries].filter(([, { paid }]) => paid > 1).map(([order]) => order);
  }

  #entry(order: string): Entry {
    const entry = this.#entries.get(order) ?? { calls: 0, paid: 0 };
    this.#entries.set(order, entry);
    return entry;
  }
}
