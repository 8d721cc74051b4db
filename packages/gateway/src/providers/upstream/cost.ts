import { parseAmount } from '../../config/units.ts';
import type { Delivered } from '../port.ts';

/** The cost of an amount of work, if the operator gave the price of one unit and the upstream the number of units. */
export function costAt(
  rate: string | number | undefined,
  amount: number | undefined,
): Pick<Delivered, 'cost'> {
  const perOne = rate === undefined ? undefined : parseAmount(rate);
  return perOne !== undefined && amount !== undefined && amount >= 0
    ? { cost: Math.round(perOne * amount) }
    : {};
}
