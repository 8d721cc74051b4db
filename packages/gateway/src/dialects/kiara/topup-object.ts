import type { Core } from '../../gateway/core.ts';
import type { PendingTopUp } from '../../store/port.ts';
import { creditOf, toCredits, usd } from './credits.ts';
import { isoTime, wireMode } from './generation-object.ts';

/** "Payment is by crypto" without a list of coins (contract section 12): two that are tied to the dollar, two that are not. */
export const CURRENCIES = ['usdc', 'usdt', 'btc', 'eth'] as const;

/**
 * The top-up object. Its address is visibly not a real one: Genlock takes no payments. Whoever receives them for the operator confirms the
 * top-up, and sooner or later somebody would pay to an address that looked real.
 */
export function topUpObject(core: Core, topUp: PendingTopUp): object {
  return {
    id: topUp.id,
    object: 'topup',
    status: topUp.status,
    mode: wireMode(topUp.mode),
    pack: topUp.pack,
    credits: toCredits(topUp.amount, creditOf(core)),
    usd: usd(topUp.amount),
    payment: {
      method: 'crypto',
      currency: topUp.details.currency ?? 'usdc',
      amount_usd: usd(topUp.amount),
      address: `not-a-real-address:${topUp.id}`,
      expires_at: isoTime(topUp.expiresAt),
    },
    created_at: isoTime(topUp.createdAt),
    paid_at: topUp.paidAt === null ? null : isoTime(topUp.paidAt),
  };
}
