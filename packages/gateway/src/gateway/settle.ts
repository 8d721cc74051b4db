import type { Generation, GenerationFailure, TerminalStatus } from '../domain/generation.ts';
import type { Asset, EndAttempt, SettleCommand, SettleOutcome, SettleResult } from '../store/port.ts';
import type { Core } from './core.ts';
import { deliveriesFor } from './deliveries.ts';

export interface Settlement {
  readonly generation: Generation;
  readonly outcome: SettleOutcome;
  /** The lease holder; absent where it is ended from outside. */
  readonly worker?: string;
  readonly onlyIf?: SettleCommand['onlyIf'];
  readonly attempt?: EndAttempt;
}

/**
 * Ends a generation in one atomic store operation: outcome, assets, capture or release, webhooks. The webhook bodies are
 * written from the state that the operation is about to create; if it is refused, they are dropped with it.
 */
export async function settle(
  core: Core,
  { generation, outcome, worker, onlyIf, attempt }: Settlement,
): Promise<SettleResult> {
  const now = core.now();
  const assets: readonly Asset[] = outcome.status === 'succeeded' ? outcome.assets : [];
  const deliveries = await deliveriesFor(core, 'ended', {
    generation: ended(generation, outcome, now),
    assets,
  });
  return core.store.settle({
    generationId: generation.id,
    now,
    outcome,
    deliveries,
    ...(worker !== undefined && { worker }),
    ...(onlyIf !== undefined && { onlyIf }),
    ...(attempt !== undefined && { attempt }),
  });
}

function ended(generation: Generation, outcome: SettleOutcome, now: number): Generation {
  const status: TerminalStatus = outcome.status;
  const failure: GenerationFailure | null = outcome.status === 'failed' ? outcome.failure : null;
  const charged = outcome.status === 'succeeded' ? Math.min(outcome.charge, generation.quote) : 0;
  return { ...generation, status, failure, charged, finishedAt: now, updatedAt: now };
}
