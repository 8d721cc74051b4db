import type { Micros } from './money.ts';

/** Money by bucket. Subscription money is spent first, because it may lapse; permanent money stays. */
export interface Funds {
  readonly subscription: Micros;
  readonly permanent: Micros;
}

export const BUCKETS = ['subscription', 'permanent'] as const;
export type Bucket = (typeof BUCKETS)[number];

export const NO_FUNDS: Funds = { subscription: 0, permanent: 0 };

export function total(funds: Funds): Micros {
  return funds.subscription + funds.permanent;
}

export function add(a: Funds, b: Funds): Funds {
  return { subscription: a.subscription + b.subscription, permanent: a.permanent + b.permanent };
}

export function subtract(a: Funds, b: Funds): Funds {
  return { subscription: a.subscription - b.subscription, permanent: a.permanent - b.permanent };
}

/** Takes `amount` out of `from`, subscription money first. Returns what was taken from each bucket, or undefined if there is not enough. */
export function take(from: Funds, amount: Micros): Funds | undefined {
  const subscription = Math.min(from.subscription, amount);
  const permanent = amount - subscription;
  return permanent <= from.permanent ? { subscription, permanent } : undefined;
}

/** Splits a hold at its end: `captured` is charged (never more than was held), and `released` goes back to its buckets. */
export function resolveHold(held: Funds, charge: Micros): { captured: Funds; released: Funds } {
  const captured = take(held, Math.min(charge, total(held))) ?? held;
  return { captured, released: subtract(held, captured) };
}
