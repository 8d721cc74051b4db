import type { Json } from '../domain/generation.ts';

/**
 * Whether every number of a value is still what was written. Integers beyond 2^53 are rounded when JSON is read, so that an echo
 * would differ and two different bodies would look the same.
 */
export function keepsNumbers(value: Json): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(keepsNumbers);
}
