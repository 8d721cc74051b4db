import type { ReconcileReport } from '../store/port.ts';
import type { Core } from './core.ts';

/** Adds up every ledger again and compares it with the stored balances. Changes nothing. */
export async function reconcile(core: Core): Promise<ReconcileReport> {
  const report = await core.store.reconcile();
  core.metrics.drift.of().set(report.drift);
  for (const finding of report.findings) core.log.error({ finding }, 'the ledger does not add up');
  return report;
}
