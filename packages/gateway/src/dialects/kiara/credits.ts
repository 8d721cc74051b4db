import { formatUsd, type Micros } from '../../domain/money.ts';
import type { Core } from '../../gateway/core.ts';
import { NAME } from './links.ts';

/** One credit, unless the configuration says otherwise (contract section 12). */
export const CREDIT: Micros = 10_000;

export function creditOf(core: Core): Micros {
  return core.config().dialects[NAME]?.creditUsd ?? CREDIT;
}

/** Whole credits: prices are multiples of a credit, so only balances lose anything here, and never upwards. */
export function toCredits(amount: Micros, credit: Micros): number {
  return Math.floor(amount / credit);
}

/** Dollars with at least two decimals: `"0.10"`, `"0.166"`. */
export function usd(amount: Micros): string {
  const [whole = '0', fraction = ''] = formatUsd(amount).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}
