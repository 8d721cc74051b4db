interface Entry {
  calls: number;
  paid: number;
}

/** What the upstream received for each order, and what it would charge. */
export class CallBook {
  readonly #entries = new Map<string, Entry>();

  /** Counts a call and returns its number, from 1. */
  call(order: string): number {
    const entry = this.#entry(order);
    entry.calls += 1;
    return entry.calls;
  }

  /** Records that the work was accepted and has to be paid. */
  pay(order: string): void {
    this.#entry(order).paid += 1;
  }

  /** Records that the upstream failed in its own words, and so charges nothing. */
  refund(order: string): void {
    this.#entry(order).paid -= 1;
  }

  get calls(): number {
    return [...this.#entries.values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  get paid(): number {
    return [...this.#entries.values()].reduce((sum, { paid }) => sum + paid, 0);
  }

  /** Orders that would be paid more than once. */
  paidTwice(): readonly string[] {
    return [...this.#entries].filter(([, { paid }]) => paid > 1).map(([order]) => order);
  }

  #entry(order: string): Entry {
    const entry = this.#entries.get(order) ?? { calls: 0, paid: 0 };
    this.#entries.set(order, entry);
    return entry;
  }
}
