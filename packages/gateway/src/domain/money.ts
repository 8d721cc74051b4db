/** An amount in micro-US-dollars: an integer; 1_000_000 is one dollar. */
export type Micros = number;

export const MICROS_PER_USD = 1_000_000;

/** One amount is at most a thousand million dollars, so that sums stay far below 2^53. */
export const MAX_AMOUNT: Micros = 1_000_000_000 * MICROS_PER_USD;

/** Whether a number from outside can be stored as an amount. */
export function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= MAX_AMOUNT;
}

const USD = /^(0|[1-9]\d{0,9})(?:\.(\d{1,6}))?$/;

/**
 * Reads a decimal string such as `"25.00"` (up to 6 decimals, no sign, no exponent, no spaces).
 * Anything else, or more than {@link MAX_AMOUNT}, gives undefined.
 */
export function parseUsd(text: unknown): Micros | undefined {
  if (typeof text !== 'string') return undefined;
  const match = USD.exec(text);
  if (match?.[1] === undefined) return undefined;
  const amount = Number(match[1]) * MICROS_PER_USD + Number((match[2] ?? '').padEnd(6, '0'));
  return amount <= MAX_AMOUNT ? amount : undefined;
}

/** Renders the shortest exact decimal string: `"25"`, `"0.1"`, `"-0.000001"`. */
export function formatUsd(amount: Micros): string {
  const digits = Math.abs(amount).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -6)}${fraction && `.${fraction}`}`;
}

/** Divides two non-negative integers, rounding half up. Uses bigint because the products in a price may exceed 2^53. */
export function divideHalfUp(numerator: bigint, denominator: bigint): Micros {
  return Number((numerator * 2n + denominator) / (denominator * 2n));
}
