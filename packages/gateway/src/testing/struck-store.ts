import { GenlockError } from '../domain/error.ts';
import type { Store, StoreEvent } from '../store/port.ts';

/** `fails`: it is not done. `lost`: it is done, but its answer never arrives. */
export type Strike = 'fails' | 'lost';

/** Part of the store's error, which nobody outside may see. */
export const STRUCK = 'struck by the walk';

/** Calls that belong to no order: what every process does from time to time, and what lies outside of the data. */
const HOUSEKEEPING: ReadonlySet<string> = new Set<keyof Store>([
  'subscribe',
  'close',
  'backlog',
  'nextDue',
  'renewLeases',
  'releaseLeases',
  'flaggedAttempts',
  'modelOverrides',
  'removeExpiredAssets',
  'knownBlobs',
]);

/** Calls that change nothing, so a lost answer makes no difference to the data. */
const READS =
  /^(?:account|accounts|key|keyByHash|balance|asset|assetsOf|assetsOfMany|attempts|rehearseAdmit|idempotencyRecord|generation|generations|generationsByNumber|usage|ledger|transfersOf|pendingTopUp|reconcile|publishedModel|publishedModels|deliveries|delivery|deliveriesOf|endpoint|endpoints)$/;

export function isRead(method: string): boolean {
  return READS.test(method);
}

/** A store of which one call fails: the nth of a method since `watch`. */
export class StruckStore {
  /** The calls of each method since `watch`. */
  readonly counts = new Map<string, number>();
  /** The store itself, which never fails. */
  own!: Store;
  struck = false;
  /** The method whose answer was lost. */
  lost: string | undefined;
  lastCallAt = 0;
  #watched = false;
  #armed: { readonly method: string; readonly nth: number; readonly how: Strike } | undefined;
  /** While true nothing is claimed, so work waits in its queue. */
  holdsClaims = false;
  /** Work is waiting, so a claim has to be made. */
  #due = false;
  readonly #listeners = new Set<(event: StoreEvent) => void>();

  wrap(own: Store): Store {
    this.own = own;
    return new Proxy(own, {
      get: (target, property, self) => {
        const value: unknown = Reflect.get(target, property, self);
        if (property === 'subscribe') return (listener: (event: StoreEvent) => void) => this.#hear(listener);
        if (typeof value !== 'function' || HOUSEKEEPING.has(String(property))) return value;
        return (...args: unknown[]) => this.#call(String(property), () => Reflect.apply(value, target, args));
      },
    });
  }

  /** Starts counting, and strikes at the given call. */
  watch(armed?: { readonly method: string; readonly nth: number; readonly how: Strike }): void {
    this.counts.clear();
    this.#armed = armed;
    this.#watched = true;
    this.#due = false;
    this.struck = false;
    this.lost = undefined;
    this.lastCallAt = performance.now();
  }

  rest(): void {
    this.#watched = false;
    this.#armed = undefined;
  }

  /** Wakes everybody as if another process had written. */
  wakeAll(): void {
    this.lastCallAt = performance.now();
    this.#due = true;
    for (const listener of this.#listeners) listener({ kind: 'unknown' });
  }

  #hear(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    const leave = this.own.subscribe(listener);
    return () => {
      this.#listeners.delete(listener);
      leave();
    };
  }

  #call(method: string, make: () => unknown): unknown {
    if (method === 'claim' && this.holdsClaims) return Promise.resolve([]);
    if (method !== 'claim' || this.#due) this.lastCallAt = performance.now();
    if (!this.#watched || (method === 'claim' && !this.#due)) return this.#note(method, make());
    const nth = (this.counts.get(method) ?? 0) + 1;
    this.counts.set(method, nth);
    const armed = this.#armed;
    if (armed?.method !== method || armed.nth !== nth) return this.#note(method, make());
    this.struck = true;
    if (armed.how === 'fails') return Promise.reject(failure());
    this.lost = method;
    return Promise.resolve(this.#note(method, make())).then(() => {
      throw failure('maybe');
    });
  }

  #note(method: string, answer: unknown): unknown {
    if (method !== 'admit' && method !== 'postpone' && method !== 'claim') return answer;
    return Promise.resolve(answer).then((result) => {
      if (method === 'claim') this.#due &&= (result as readonly unknown[]).length === 0;
      else this.#due = true;
      return result;
    });
  }
}

function failure(accepted?: 'maybe'): GenlockError {
  return new GenlockError('storage_unavailable', undefined, { raw: STRUCK, ...(accepted && { accepted }) });
}
