export const FAULT_POINTS = [
  'store.read',
  'store.list',
  'store.write',
  'ledger',
  'store.settle',
  'limiter',
  'assets.write',
  'assets.read',
  'provider',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export type FaultEffect =
  | { readonly kind: 'error' | 'down' | 'garbage' | 'timeout' }
  | { readonly kind: 'delay'; readonly ms: number };

const MAX_DELAY_MS = 60_000;

/** Parses `error`, `down`, `garbage`, `timeout` or `delay=<ms>`; undefined for anything else. */
export function parseEffect(text: string): FaultEffect | undefined {
  if (text === 'error' || text === 'down' || text === 'garbage' || text === 'timeout') return { kind: text };
  const delay = /^delay=(\d{1,5})(?:ms)?$/.exec(text);
  if (delay?.[1] === undefined || Number(delay[1]) > MAX_DELAY_MS) return undefined;
  return { kind: 'delay', ms: Number(delay[1]) };
}

interface Fault {
  readonly point: FaultPoint;
  readonly effect: FaultEffect;
  left: number;
}

/** The faults that were set for a rehearsal. Kept in memory, so that they can be cleared while the store is broken. */
export class FaultBoard {
  #faults: Fault[] = [];

  set(point: FaultPoint, effect: FaultEffect, times: number): void {
    this.#faults.push({ point, effect, left: times });
  }

  clear(): void {
    this.#faults = [];
  }

  /**
   * Takes the oldest fault at a point, which counts as one of its operations. `accepts` skips faults that do not apply to the operation.
   */
  take(point: FaultPoint, accepts: (effect: FaultEffect) => boolean = () => true): FaultEffect | undefined {
    const fault = this.#faults.find((one) => one.point === point && accepts(one.effect));
    if (fault === undefined) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) this.#faults = this.#faults.filter((one) => one !== fault);
    return fault.effect;
  }
}
