import { formatUsd, type Micros, parseUsd } from '../../domain/money.ts';
import type { Studio } from './studio.ts';

interface LedgerLine {
  readonly type: string;
  readonly usd: string;
}

export interface Books {
  /** Sums of the account's transfers by type, in the order in which the types first appeared. */
  readonly sums: readonly { readonly type: string; readonly usd: Micros }[];
  readonly available: Micros;
}

/**
 * Adds up the ledger of an account whose generations have all ended, and has the gateway reconcile everything.
 *
 * @throws Error if a cent is missing, too many, or still held
 */
export async function closeBooks(studio: Studio, accountId: string): Promise<Books> {
  const lines = await ledger(studio, accountId);
  const sums = new Map<string, Micros>();
  for (const { type, usd } of lines) sums.set(type, (sums.get(type) ?? 0) + micros(usd));
  const sum = (type: string): Micros => sums.get(type) ?? 0;

  const { balance } = await studio.admin<{ balance: { available_usd: string; held_usd: string } }>(
    'GET',
    `/accounts/${accountId}`,
  );
  const available = micros(balance.available_usd);
  const expected = sum('top_up') - sum('capture') + sum('refund');
  if (available !== expected || micros(balance.held_usd) !== 0)
    throw new Error(
      `the ledger does not add up: expected $${formatUsd(expected)}, found $${balance.available_usd} and $${balance.held_usd} held`,
    );
  if (sum('hold') !== sum('capture') + sum('release'))
    throw new Error('the ledger does not add up: a hold was neither captured nor released');

  const { drift_usd } = await studio.admin<{ drift_usd: string }>('POST', '/reconcile', {});
  if (micros(drift_usd) !== 0) throw new Error(`the ledger has drifted by $${drift_usd}`);
  return { sums: [...sums].map(([type, usd]) => ({ type, usd })), available };
}

async function ledger(studio: Studio, accountId: string): Promise<readonly LedgerLine[]> {
  const lines: LedgerLine[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const page: { data: LedgerLine[]; next_cursor: string | null } = await studio.admin(
      'GET',
      `/accounts/${accountId}/ledger${query}`,
    );
    lines.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return lines;
}

function micros(usd: string): Micros {
  const amount = parseUsd(usd);
  if (amount === undefined) throw new Error(`"${usd}" is no amount of US dollars`);
  return amount;
}
