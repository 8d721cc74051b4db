import type { Generation } from '../../domain/generation.ts';
import type { Room } from '../../store/port.ts';

/** Whose work it is. */
export type Owner = Pick<Generation, 'accountId' | 'mode'>;

/** How many at once: in all, of one account, of test mode. */
export interface Bound {
  readonly all: number;
  readonly account: number;
  readonly test: number;
}

export interface Bounds {
  /** Those that work: call, decode, keep files. */
  readonly working: Bound;
  /** Those and the ones that only wait. */
  readonly held: Bound;
}

/** The place of one generation. */
export interface Place {
  /** Waits without keeping the place from others, then for its turn to have one again. Several waits of one generation count as one. */
  rest<T>(wait: () => Promise<T>): Promise<T>;
  /** It is over. */
  leave(): void;
}

/** What a worker may claim now. */
export interface Opening {
  readonly limit: number;
  readonly room: Room;
  /** Some get fewer than the limit, for want of a place or of leave to hold more. */
  readonly partial: boolean;
  /** There is a lack of places, so that one that falls free makes a difference. */
  readonly scarce: boolean;
}

interface Waiting {
  readonly owner: Owner;
  readonly goOn: () => void;
}

class Tally {
  readonly accounts = new Map<string, number>();
  all = 0;
  test = 0;

  add({ accountId, mode }: Owner, by: 1 | -1): void {
    this.all += by;
    if (mode === 'test') this.test += by;
    const count = (this.accounts.get(accountId) ?? 0) + by;
    if (count === 0) this.accounts.delete(accountId);
    else this.accounts.set(accountId, count);
  }

  /** What is left of a bound for a claim of so many: of accounts that get fewer, and of test mode. */
  left(bound: Bound, limit: number): Pick<Room, 'accounts' | 'test'> & { readonly partial: boolean } {
    const accounts: Record<string, number> = {};
    const test = Math.max(0, bound.test - this.test);
    let partial = test < limit;
    // Only where one of them could be so near its bound.
    if (this.all + limit > bound.account)
      for (const [accountId, count] of this.accounts) {
        const left = Math.max(0, bound.account - count);
        if (left >= limit) continue;
        accounts[accountId] = left;
        partial = true;
      }
    return { accounts, test, partial };
  }

  fits({ accountId, mode }: Owner, bound: Bound): boolean {
    return (this.accounts.get(accountId) ?? 0) < bound.account && (mode === 'live' || this.test < bound.test);
  }
}

/**
 * The places of a worker. What waits has none, so that ten minutes between two polls keep nobody from working; how many a process has
 * under way in all is bounded too, for their memory and their leases.
 *
 * A place that falls free goes to who comes back from a wait, and every second one to new work where there is some: neither polls nor
 * orders can have it all.
 */
export class Places {
  readonly #bounds: () => Bounds;
  readonly #onFree: () => void;
  readonly #working = new Tally();
  readonly #held = new Tally();
  readonly #back: Waiting[] = [];
  /** There may be new work that found no place. */
  #wanted = false;
  /** Places that are free and kept for it. */
  #kept = 0;
  #nextToNew = false;

  /** @param onFree called when new work may find a place that did not find one before */
  constructor(bounds: () => Bounds, onFree: () => void) {
    this.#bounds = bounds;
    this.#onFree = onFree;
  }

  /** How much new work may begin, and of whom. */
  room(most: number): Opening {
    const { working, held } = this.#bounds();
    const limit = Math.min(most, working.all - this.#working.all, held.all - this.#held.all);
    const each = Math.min(working.account, held.account);
    const byPlaces = this.#working.left(working, limit);
    const byHeld = this.#held.left(held, limit);
    const accounts = { ...byPlaces.accounts };
    for (const [accountId, left] of Object.entries(byHeld.accounts))
      accounts[accountId] = Math.min(left, accounts[accountId] ?? left);
    return {
      limit,
      room: { each, accounts, test: Math.min(byPlaces.test, byHeld.test) },
      scarce: working.all - this.#working.all <= 0 || byPlaces.partial,
      partial: byPlaces.partial || byHeld.partial,
    };
  }

  /** After each claim. `wanted`: there may be more that found no place. */
  claimed(wanted: boolean): void {
    this.#wanted = wanted;
    this.#kept = 0;
    this.#handOver();
  }

  /** For what was claimed, or runs all the same: always, also beyond the bound. */
  enter(owner: Owner, signal: AbortSignal): Place {
    this.#held.add(owner, 1);
    this.#working.add(owner, 1);
    let works = true;
    let gone = false;
    let resting = 0;
    let coming: Promise<void> | undefined;
    const giveUp = (): void => {
      if (!works) return;
      works = false;
      this.#giveUp(owner);
    };
    const comeBack = async (): Promise<void> => {
      await this.#turn(owner, signal);
      coming = undefined;
      works = true;
      if (gone) giveUp();
    };
    return {
      rest: async (wait) => {
        resting += 1;
        giveUp();
        try {
          return await wait();
        } finally {
          resting -= 1;
          if (!works && !gone && resting === 0) coming ??= comeBack();
          await coming;
          signal.throwIfAborted();
        }
      },
      leave: () => {
        gone = true;
        this.#held.add(owner, -1);
        giveUp();
      },
    };
  }

  #giveUp(owner: Owner): void {
    this.#working.add(owner, -1);
    if (this.#wanted) {
      this.#nextToNew = !this.#nextToNew;
      if (this.#nextToNew) this.#kept += 1;
      this.#onFree();
    }
    this.#handOver();
  }

  /** A place for who comes back, first come, first served. Who is cut short has one at once: what is left to do is to end it. */
  #turn(owner: Owner, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const goOn = (): void => {
      signal.removeEventListener('abort', cutShort);
      this.#working.add(owner, 1);
      resolve();
    };
    const waiting = { owner, goOn };
    const cutShort = (): void => {
      const index = this.#back.indexOf(waiting);
      if (index >= 0) this.#back.splice(index, 1);
      goOn();
    };
    if (signal.aborted) goOn();
    else {
      signal.addEventListener('abort', cutShort, { once: true });
      this.#back.push(waiting);
      this.#handOver();
    }
    return promise;
  }

  #handOver(): void {
    if (this.#back.length === 0) return;
    const { working } = this.#bounds();
    while (this.#working.all + this.#kept < working.all) {
      const index = this.#back.findIndex(({ owner }) => this.#working.fits(owner, working));
      const [next] = index < 0 ? [] : this.#back.splice(index, 1);
      if (next === undefined) return;
      next.goOn();
    }
  }
}
