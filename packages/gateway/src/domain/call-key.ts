import type { Attempt } from './generation.ts';
import { routeName } from './route-order.ts';

/** The parts of an attempt that decide its idempotency key. */
export type KeyedAttempt = Pick<Attempt, 'n' | 'provider' | 'model' | 'upstreamId'>;

/**
 * The idempotency key that an attempt sends to its provider.
 *
 * - A call whose fate is unknown is sent again under the same key, so a provider that honours the key does not sell the work twice.
 * - Once the job behind a key is known and has ended, the next attempt takes a new key. Under the old one the provider would only report
 *   the end of that job again.
 * - A key belongs to one route, because the same work by another model is a different order.
 *
 * @returns the generation's id, followed by the number of the key's first attempt if that is not 1
 */
export function callKey(
  generationId: string,
  current: Omit<KeyedAttempt, 'upstreamId'>,
  attempts: readonly KeyedAttempt[],
): string {
  return keyFrom(generationId, firstUnderKey(current, attempts));
}

/** The key of which attempt `n` is the first user. */
export function keyFrom(generationId: string, n: number): string {
  return n === 1 ? generationId : `${generationId}-${n}`;
}

/** Whether the fate of a lost call has become known: a later attempt under the same key found the job, and that job failed. */
export function isResolved(lost: KeyedAttempt, attempts: readonly Attempt[]): boolean {
  const found = attempts.find(
    (one) => one.n > lost.n && routeName(one) === routeName(lost) && one.upstreamId !== null,
  );
  return lost.upstreamId === null && found?.outcome === 'failed';
}

/**
 * Whether a later attempt under the same key reached the job that the lost call may have made. The cost is then recorded with that attempt.
 */
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
