import type { Generation } from '../../domain/generation.ts';
import type { Room } from '../../store/port.ts';

/** Whose work it is, for the shares of accounts and of test mode. */
export type Owner = Pick<Generation, 'accountId' | 'mode'>;

/** How many at once: in total, for one account, and in test mode. */
export interface Bound {
  readonly all: number;
  readonly account: number;
  readonly test: number;
}

export interface Bounds {
  /** Generations that work: they call, decode or store files. */
  readonly working: Bound;
  /** All generations under way: those that work and those that only wait. */
  readonly held: Bound;
}

/** The place of one generation. */
export interface Place {
  /** Gives the place back during `wait`, then waits for a turn to get one again. Overlapping waits of one generation count as one. */
  rest<T>(wait: () => Promise<T>): Promise<T>;
  /** Ends it: the run is over. */
  leave(): void;
}

/** How much a worker may claim now. */
export interface Opening {
  readonly limit: number;
  readonly room: Room;
  /** Some accounts, or test mode, may have fewer than `limit`, because one of the bounds is near. */
  readonly partial: boolean;
  /** Places are short, so new work may be waiting for one. */
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

  /** What is left of a bound for a claim of `limit` generations: for accounts that may have fewer than that, and for test mode. */
  left(bound: Bound, limit: number): Pick<Room, 'accounts' | 'test'> & { readonly partial: boolean } {
    const accounts: Record<string, number> = {};
    const test = Math.max(0, bound.test - this.test);
    let partial = test < limit;
    // Skipped unless some account can be that near to its bound.
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
 * The places of a worker. A generation that only waits has no place, so that ten minutes between two polls keep no other from working. The
 * number of generations under way is bounded as well, because of their memory and their leases.
 *
 * A free place goes to a generation that comes back from a wait. If there is new work, every second place goes to it, so that neither polls
 * nor new orders take all places.
 */
export class Places {
  readonly #bounds: () => Bounds;
  readonly #onFree: () => void;
  readonly #working = new Tally();
  readonly #held = new Tally();
  readonly #back: Waiting[] = [];
  /** New work may be waiting that found no place. */
  #wanted = false;
  /** Free places that are kept for new work. */
  #kept = 0;
  #nextToNew = false;

  /** @param onFree called when a place has become free for new work that found none before */
  constructor(bounds: () => Bounds, onFree: () => void) {
    this.#bounds = bounds;
    this.#onFree = onFree;
  }

  /** How much new work may begin, and from whom. */
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

  /** To be called after each claim. `wanted`: there may be more work that found no place. */
  claimed(wanted: boolean): void {
    this.#wanted = wanted;
    this.#kept = 0;
    this.#handOver();
  }

  /** A place for a generation that was claimed. Always granted, even beyond the bound, since it already runs. */
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

  /**
   * Waits for a place after a wait, first come, first served. A generation whose `signal` fires gets one at once, since it only has to end.
   */
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
