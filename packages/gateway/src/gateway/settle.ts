import { codeOf } from '../domain/error.ts';
import type { Generation, GenerationFailure, TerminalStatus } from '../domain/generation.ts';
import type {
  Asset,
  EndAttempt,
  RouteRef,
  SettleCommand,
  SettleOutcome,
  SettleResult,
} from '../store/port.ts';
import { inSpan } from '../telemetry/traces.ts';
import type { Core } from './core.ts';
import type { GenerationView } from './dialect.ts';
import { observeEnded, observeRoute } from './metrics/observe.ts';
import { deliveriesFor } from './webhooks/deliveries.ts';

export interface Settlement {
  readonly generation: Generation;
  readonly outcome: SettleOutcome;
  /** The lease holder; absent if the generation is ended from outside. */
  readonly worker?: string;
  readonly onlyIf?: SettleCommand['onlyIf'];
  readonly attempt?: EndAttempt;
  /** Where the ended attempt was made. */
  readonly route?: RouteRef;
}

/**
 * Ends a generation in one atomic store operation: outcome, assets, capture or release, webhooks. The webhook bodies are written in advance
 * from the state that the operation will create; if the store refuses the operation, they are dropped.
 */
export function settle(core: Core, settlement: Settlement): Promise<SettleResult> {
  const { traceparent } = settlement.generation;
  return inSpan(core.traces, 'settle', traceparent ?? undefined, () => write(core, settlement), codeOf);
}

async function write(
  core: Core,
  { generation, outcome, worker, onlyIf, attempt, route }: Settlement,
): Promise<SettleResult> {
  const now = core.now();
  const assets: readonly Asset[] = outcome.status === 'succeeded' ? outcome.assets : [];
  const view = { generation: ended(generation, outcome, now), assets };
  const deliveries = await deliveriesFor(core, 'ended', view);
  const result = await core.store.settle({
    generationId: generation.id,
    now,
    outcome: withPublished(core, outcome, view),
    deliveries,
    ...(worker !== undefined && { worker }),
    ...(onlyIf !== undefined && { onlyIf }),
    ...(attempt !== undefined && { attempt }),
    ...(generation.webhook?.sealedSecret !== undefined && { forgetSecret: true }),
  });
  if (result.kind !== 'settled') return result;
  observeEnded(core, view.generation);
  if (route !== undefined)
    observeRoute(core, view.generation, route, {
      charged: view.generation.charged ?? 0,
      cost: attempt?.cost,
      lostCalls: attempt?.lostCalls,
    });
  return result;
}

function withPublished(core: Core, outcome: SettleOutcome, view: GenerationView): SettleOutcome {
  if (outcome.status !== 'succeeded') return outcome;
  const publish = core.dialects.get(view.generation.dialect)?.publishes?.(view);
  return publish === undefined ? outcome : { ...outcome, publish };
}

function ended(generation: Generation, outcome: SettleOutcome, now: number): Generation {
  const status: TerminalStatus = outcome.status;
  const failure: GenerationFailure | null = outcome.status === 'failed' ? outcome.failure : null;
  const charged = Math.min(outcome.charge ?? 0, generation.quote);
  const delivered = outcome.delivered ?? null;
  return { ...generation, status, failure, charged, delivered, finishedAt: now, updatedAt: now };
}
