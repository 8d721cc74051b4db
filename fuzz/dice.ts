import { seeded } from '../chaos/random.ts';

/** Random draws that depend only on a seed and the number of a case. */
export interface Dice {
  chance(probability: number): boolean;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  one<T>(list: readonly T[]): T;
  /** Picks by weight. */
  weighted<T>(list: readonly (readonly [number, T])[]): T;
}

export function diceOf(seed: number, n: number): Dice {
  const random = seeded(seed).fork(String(n));
  const whole = (from: number, to: number): number => Math.floor(random.between(from, to + 1));
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('nothing to draw from');
    return value;
  };
  return {
    chance: (probability) => random.next() < probability,
    whole,
    one: (list) => found(list[whole(0, list.length - 1)]),
    weighted: (list) => {
      let left = random.between(
        0,
        list.reduce((sum, [weight]) => sum + weight, 0),
      );
      return found(
        list.find(([weight]) => {
          left -= weight;
          return left < 0;
        }),
      )[1];
    },
  };
}
