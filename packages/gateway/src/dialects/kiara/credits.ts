import { formatUsd, type Micros } from '../../domain/money.ts';
import type { Core } from '../../gateway/core.ts';
import { NAME } from './links.ts';

/** One credit, unless the configuration says otherwise (contract section 12). */
export const CREDIT: Micros = 10_000;

export function creditOf(core: Core): Micros {
  return core.config().dialects[NAME]?.creditUsd ?? CREDIT;
}

/**
 * A balance in whole credits, rounded down. Shipped prices are multiples of a credit, but those of an operator, or of another dialect of
 * the same account, need not be. So what is shown as available can really be spent.
 */
export function toCredits(amount: Micros, credit: Micros): number {
  return Math.floor(amount / credit);
}

/** A cost in whole credits, rounded up, so that whoever has that many credits can pay it. */
export function costInCredits(amount: Micros, credit: Micros): number {
  return Math.ceil(amount / credit);
}

/** Dollars with at least two decimals: `"0.10"`, `"0.166"`. */
export function usd(amount: Micros): string {
  const [whole = '0', fraction = ''] = formatUsd(amount).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}
