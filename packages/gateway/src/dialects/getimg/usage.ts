import type { Generation } from '../../domain/generation.ts';
import { formatUsd, type Micros } from '../../domain/money.ts';
import { priceOf, type Usage } from '../../domain/pricing.ts';

/**
 * The cost of a completed generation (contract section 8): `total_cost` is what left the balance, and `unit_price` times `quantity` gives
 * the same number. Amounts are dollars, formatted from whole micro-dollars, so that no digit is a rounding error.
 */
export function usageObject({ price, quote, charged, delivered, kind }: Generation): object {
  const total = charged ?? 0;
  const quantity = quantityOf(kind, price.quoted ?? {}, delivered ?? {});
  const unit = quote === 0 ? 0 : unitPrice(price, kind);
  // A price per call, which an operator may set, does not depend on the seconds.
  const perCall = price.unit === 'call' && quote > 0;
  return {
    total_cost: dollars(total),
    billable_unit: kind === 'video' ? 'video_second' : 'image',
    unit_price: dollars(perCall ? total : unit),
    quantity: perCall ? 1 : quantity,
  };
}

/** What was delivered, limited to what was ordered, because no more than that is ever charged. */
function quantityOf(kind: Generation['kind'], quoted: Usage, delivered: Usage): number {
  const member = kind === 'video' ? 'seconds' : 'images';
  const ordered = quoted[member] ?? 1;
  return Math.min(ordered, Math.round((delivered[member] ?? ordered) * 1000) / 1000);
}

function unitPrice({ quoted, ...price }: Generation['price'], kind: Generation['kind']): Micros {
  const one = kind === 'video' ? { seconds: 1 } : { images: 1 };
  return priceOf(price, { ...(quoted?.dimensions && { dimensions: quoted.dimensions }), ...one });
}

function dollars(amount: Micros): number {
  return Number(formatUsd(amount));
}
