import { stat } from 'node:fs/promises';
import { formatUsd } from '../../domain/money.ts';
import type { ReconcileReport } from '../../store/port.ts';
import { rebuildFile } from '../../store/sqlite/rebuild.ts';
import { reconcileFile } from '../../store/sqlite/reconcile.ts';
import { explain } from '../failure.ts';
import { type Finding, fine, problem } from './finding.ts';

export interface LedgerCheck {
  readonly report?: ReconcileReport;
  readonly findings: readonly Finding[];
}

/** Checks in one snapshot and without a lock, so that a running gateway is not disturbed. */
export async function checkLedger(file: string): Promise<LedgerCheck> {
  try {
    await stat(file);
    const report = reconcileFile(file);
    const { accounts, openHolds, drift, findings } = report;
    const counts = `${accounts} accounts, ${openHolds} open holds, drift $${formatUsd(drift)}`;
    if (findings.length === 0 && drift === 0) return { report, findings: [fine('ledger', counts)] };
    const told = findings.map((message) => problem('ledger', message));
    return { report, findings: [problem('ledger', counts, () => rebuild(file)), ...told] };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing
      ? `there is no ${file}; "genlock serve" makes one, --data names another folder`
      : `${file} cannot be read: ${explain(error)}`;
    return { findings: [problem('database', message)] };
  }
}

/** The transfers are the truth. The stored balances and slots are computed again from them in one transaction. */
function rebuild(file: string): string {
  const { balances, slots } = rebuildFile(file);
  return `${balances} balances and ${slots} counters of unfinished work were written anew from the ledger`;
}
