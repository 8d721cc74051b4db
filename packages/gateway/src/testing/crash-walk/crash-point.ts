import type { Around, Life } from '../mortal.ts';

/** A moment in the life of a process at which it can die: around the n-th write of a name. */
export interface CrashPoint {
  readonly write: string;
  readonly nth: number;
  /** `before`: nothing was written. `after`: it was written, but the process did not learn of it. */
  readonly when: 'before' | 'after';
}

/** The store's writes in the life of a generation, and the write of a file. */
const WRITES: readonly string[] = [
  ...['admit', 'claim', 'beginAttempt', 'noteUpstreamId', 'noteProgress', 'postpone', 'settle'],
  ...['resolveAttempt', 'releaseLeases', 'claimDeliveries', 'recordDelivery', 'put'],
];
/**
 * Only write if there is something to take, which is known only afterwards. A death before them is the same as one after the previous
 * write.
 */
const TAKES: readonly string[] = ['claim', 'claimDeliveries'];

/** The points at which a process that made these writes could have died. */
export function pointsOf(writes: readonly string[]): CrashPoint[] {
  return writes.flatMap((write, index) => {
    const nth = writes.slice(0, index + 1).filter((one) => one === write).length;
    const after = { write, nth, when: 'after' } as const;
    return TAKES.includes(write) ? [after] : [{ ...after, when: 'before' }, after];
  });
}

/** Whether a point lies after one write of a life, given by name and number, and not after another. */
export function isBetween(
  points: readonly CrashPoint[],
  point: CrashPoint,
  after: string,
  upTo: string,
): boolean {
  const at = (name: string, when: CrashPoint['when']): number =>
    points.findIndex((one) => `${one.write} ${one.nth}` === name && one.when === when);
  const [first, last, here] = [at(after, 'after'), at(upTo, 'before'), points.indexOf(point)];
  if (first < 0 || last < 0) throw new Error(`no write ${after} or ${upTo}`);
  return first <= here && here <= last;
}

/** Where a process dies: at a point, or after the n-th of all writes. */
export type Doom = CrashPoint | { readonly write: 'any'; readonly nth: number; readonly when: 'after' };

/** Watches what a process writes, and ends its life at the given point. */
export class Fate {
  readonly #life: Life;
  #doom: Doom | undefined;
  #dies = Promise.withResolvers<void>();
  readonly #underWay = new Set<Promise<unknown>>();
  /** The writes since the last call of `doom`. */
  written: string[] = [];

  constructor(life: Life) {
    this.#life = life;
  }

  /** Starts counting again. Resolves when the process dies. */
  doom(doom: Doom | undefined): Promise<void> {
    this.#doom = doom;
    this.written = [];
    return this.#dies.promise;
  }

  /** A write can be read before its writer learns of it and dies of it. Returns whether the process has died. */
  async isOver(): Promise<boolean> {
    await Promise.allSettled(this.#underWay);
    return this.#life.isOver();
  }

  readonly around: Around = (name, call) => {
    if (!WRITES.includes(name)) return call();
    const write = this.#write(name, call).finally(() => this.#underWay.delete(write));
    this.#underWay.add(write);
    return write;
  };

  async #write(name: string, call: () => unknown): Promise<unknown> {
    const takes = TAKES.includes(name);
    const strikes = takes ? undefined : this.#count(name);
    if (strikes?.('before') === true) return undefined;
    const answer = await call();
    if (!takes) strikes?.('after');
    else if (Array.isArray(answer) && answer.length > 0) this.#count(name)('after');
    return answer;
  }

  /** Counts a write. The returned function tells whether the process dies before it, and after it. */
  #count(name: string): (when: CrashPoint['when']) => boolean {
    const doom = this.#doom;
    this.written.push(name);
    const nth = this.written.filter((one) => doom?.write === 'any' || one === name).length;
    const isDoomed = doom?.nth === nth && (doom.write === 'any' || doom.write === name);
    return (when) => {
      if (!isDoomed || doom.when !== when) return false;
      this.#life.end();
      this.#dies.resolve();
      return true;
    };
  }
}
