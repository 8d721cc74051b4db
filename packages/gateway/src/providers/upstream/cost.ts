import { parseAmount } from '../../config/units.ts';
import type { Delivered } from '../port.ts';

/** What an amount of a model cost, where the operator said what one of it costs, and the upstream how many there were. */
export function costAt(
  rate: string | number | undefined,
  amount: number | undefined,
): Pick<Delivered, 'cost'> {
  const perOne = rate === undefined ? undefined : parseAmount(rate);
  return perOne !== undefined && amount !== undefined && amount >= 0
    ? { cost: Math.round(perOne * amount) }
    : {};
}
