import { setTimeout as sleep } from 'node:timers/promises';
import { auditAccount } from '../chaos/books.ts';
import { admin, type Shop } from '../chaos/customers.ts';
import type { Finding } from './finding.ts';
import type { Keyring } from './keyring.ts';

interface Totals {
  readonly accounts: number;
  readonly open_holds: number;
  readonly drift_usd: string;
}

/** What must be true when all orders have ended, according to the operator's API. */
export async function inspect(shop: Shop, keyring: Keyring, patienceMs: number): Promise<readonly Finding[]> {
  const until = Date.now() + patienceMs;
  let totals: Totals;
  for (;;) {
    totals = await admin<Totals>(shop, 'POST', '/reconcile', {});
    if (totals.open_holds === 0 || Date.now() > until) break;
    await sleep(250);
  }
  const faults: Finding[] = [];
  if (totals.drift_usd !== '0' || totals.open_holds > 0)
    faults.push({ promise: 'the books agree', seen: JSON.stringify(totals) });
  for (const accountId of keyring.accounts)
    for (const seen of await auditAccount(shop, { accountId, keys: {} }))
      faults.push({ promise: 'the books agree', seen });
  return faults;
}

/** Log lines that report mistakes of the program itself. */
export function mistakesIn(log: string): readonly Finding[] {
  return log
    .split('\n')
    .filter((line) => line !== '' && isMistake(line))
    .map((line) => ({ promise: 'no mistake in the log', seen: line.slice(0, 1_500) }));
}

function isMistake(line: string): boolean {
  try {
    const { level, error } = JSON.parse(line) as { level?: string; error?: string };
    return level === 'error' && (error === undefined || error === 'internal_error');
  } catch {
    // The runtime itself reports errors as plain text.
    return !/^genlock: (?:admin token|stopping)/.test(line);
  }
}
