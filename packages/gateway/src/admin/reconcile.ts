import type { FastifyInstance } from 'fastify';
import { formatUsd } from '../domain/money.ts';
import { reconcile } from '../gateway/reconcile.ts';
import type { AdminContext } from './context.ts';

export function reconcileRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.post('/reconcile', { config: { audit: 'ledger.reconcile' } }, async () => {
    const { accounts, openHolds, drift, findings } = await reconcile(core);
    return {
      accounts,
      open_holds: openHolds,
      drift_usd: formatUsd(drift),
      ...(findings.length > 0 && { findings }),
    };
  });
}
