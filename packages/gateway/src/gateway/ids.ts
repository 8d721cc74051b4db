import { monotonicFactory } from 'ulid';

const next = monotonicFactory();

/** `<prefix><26-character ULID>`: sorts by time, also within a millisecond, and cannot be guessed. */
export function newId(prefix: string, now: number): string {
  return prefix + next(now);
}
