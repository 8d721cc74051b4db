import type { Attempt } from './generation.ts';
import { routeName } from './route-order.ts';

/** What the key of an attempt depends on. */
export type KeyedAttempt = Pick<Attempt, 'n' | 'provider' | 'model' | 'upstreamId'>;

/**
 * The key under which an attempt orders its work. A call whose fate is unknown is sent again under the same one, which buys nothing
 * twice. Once the job that a key made is known and has ended, the next attempt has a new key: under the old one it would be told the
 * end of that job again. A key belongs to one route, since another model is another order.
 *
 * @returns the generation's id, with the number of the first attempt under the key where that is not 1
 */
export function callKey(
  generationId: string,
  current: Omit<KeyedAttempt, 'upstreamId'>,
  attempts: readonly KeyedAttempt[],
): string {
  return keyFrom(generationId, firstUnderKey(current, attempts));
}

/** The key that begins with attempt `n`. */
export function keyFrom(generationId: string, n: number): string {
  return n === 1 ? generationId : `${generationId}-${n}`;
}

/** Whether it is known what became of a call that was lost: the job that a later attempt found under the same key has failed. */
export function isResolved(lost: KeyedAttempt, attempts: readonly Attempt[]): boolean {
  const found = attempts.find(
    (one) => one.n > lost.n && routeName(one) === routeName(lost) && one.upstreamId !== null,
  );
  return lost.upstreamId === null && found?.outcome === 'failed';
}

/** Whether a later attempt under the same key got to the job that a lost call had made, if any: what has to be paid, stands there. */
export function isFoundLater(lost: KeyedAttempt, attempts: readonly Attempt[]): boolean {
  const key = callKey('', lost, attempts);
  const found = attempts.some(
    (one) =>
      one.n > lost.n &&
      routeName(one) === routeName(lost) &&
      callKey('', one, attempts) === key &&
      (one.upstreamId !== null || one.outcome === 'succeeded'),
  );
  return lost.upstreamId === null && found;
}

function firstUnderKey(current: Omit<KeyedAttempt, 'upstreamId'>, attempts: readonly KeyedAttempt[]): number {
  const before = attempts.filter((one) => one.n < current.n && routeName(one) === routeName(current));
  const ended = before.findLastIndex(({ upstreamId }) => upstreamId !== null);
  return before[ended + 1]?.n ?? current.n;
}
