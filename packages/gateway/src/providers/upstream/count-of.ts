/** A count that an upstream reported. Undefined unless it is a whole number from 0 up to the largest safe integer. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
