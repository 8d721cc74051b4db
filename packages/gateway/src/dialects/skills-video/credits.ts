import { type Funds, NO_FUNDS, resolveHold, total } from '../../domain/funds.ts';
import { type Generation, isTerminal } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { Core } from '../../gateway/core.ts';
import type { Transfer } from '../../store/port.ts';
import { NAME } from './links.ts';

/** The default value of a credit. No rate is published (contract section 9). */
export const CREDIT: Micros = 10_000;

/** Credits by bucket, as `usage` and the balance show them (contract section 9). */
export interface Credits {
  readonly total: number;
  readonly subscription: number;
  readonly permanent: number;
}

/** Exact, possibly with a fraction: prices are whole credits, but an operator may have credited half of one. */
export function toCredits(core: Core, funds: Funds): Credits {
  const credit = core.config().dialects[NAME]?.creditUsd ?? CREDIT;
  return {
    total: total(funds) / credit,
    subscription: funds.subscription / credit,
    permanent: funds.permanent / credit,
  };
}

/**
 * The cost of a task by bucket: its hold while it is under way, what was captured once it has completed, nothing if it failed or was
 * canceled. Webhooks of an end are written before it is booked, so this uses the rule by which holds are resolved.
 */
export function spentOn({ status, charged }: Generation, transfers: readonly Transfer[]): Funds {
  const hold = transfers.find(({ type }) => type === 'hold')?.funds ?? NO_FUNDS;
  if (!isTerminal(status)) return hold;
  if (status !== 'succeeded') return NO_FUNDS;
  return transfers.find(({ type }) => type === 'capture')?.funds ?? resolveHold(hold, charged ?? 0).captured;
}
