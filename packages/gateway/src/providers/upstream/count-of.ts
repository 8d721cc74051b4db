/** A count as an upstream tells it. Undefined for what is none: missing, negative, broken, a text, beyond what can be counted to. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
