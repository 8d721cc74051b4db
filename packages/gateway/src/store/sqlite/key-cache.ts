import type { KeyWithAccount } from '../port.ts';

/** How long another process's change of a key may go unnoticed. Changes by this process apply at once. */
const FRESH_MS = 50;
const CAPACITY = 10_000;

/** Recently used keys by hash. Unknown hashes are not kept, so that guesses cannot fill the cache and a new key works at once. */
export class KeyCache {
  readonly #keys = new Map<string, KeyWithAccount>();
  readonly #revision: () => number;
  readonly #clock: () => number;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #seen: number | undefined;

  /** @param revision reads a number that grows with every change of an account or a key, by any process */
  constructor(revision: () => number, clock: () => number = () => performance.now()) {
    this.#revision = revision;
    this.#clock = clock;
  }

  get(sha256: string, load: () => KeyWithAccount | undefined): KeyWithAccount | undefined {
    this.#refresh();
    const known = this.#keys.get(sha256);
    if (known !== undefined) return known;
    const loaded = load();
    if (loaded !== undefined) {
      if (this.#keys.size >= CAPACITY) this.#keys.clear();
      this.#keys.set(sha256, loaded);
    }
    return loaded;
  }

  clear(): void {
    this.#keys.clear();
  }

  #refresh(): void {
    const now = this.#clock();
    if (now - this.#checkedAt < FRESH_MS) return;
    this.#checkedAt = now;
    const revision = this.#revision();
    if (revision !== this.#seen) this.clear();
    this.#seen = revision;
  }
}
