import type { GenlockError } from '../../domain/error.ts';
import type { GenerationFailure } from '../../domain/generation.ts';
import type { Provider } from '../../providers/port.ts';
import type { EndAttempt, RouteRef } from '../../store/port.ts';
import { type Firmness, firmly } from '../firmly.ts';
import { newId } from '../ids.ts';
import { type Settlement, settle } from '../settle.ts';
import type { Current, Job } from './job.ts';

/**
 * Settles although the store fails for a while: work that was paid for upstream is not thrown away because of that. If the store stays
 * away, the lease runs out, and the next claim finds the attempt as it was last written.
 */
export async function settleFirmly(
  job: Job,
  end: Pick<Settlement, 'outcome' | 'attempt' | 'route'>,
): Promise<void> {
  const { core, worker } = job;
  const generation = { ...job.generation, progress: job.progress };
  await firmly(() => settle(core, { generation, worker, ...end }), firmness(job));
}

export function firmness({ core, generation, stop }: Job): Firmness {
  return { log: core.log, generationId: generation.id, signal: stop.signal };
}

/** Ends the generation as failed, together with the attempt that failed last. */
export async function fail(job: Job, error: GenlockError, last?: EndedAttempt): Promise<void> {
  await settleFirmly(job, { outcome: { status: 'failed', failure: failureFrom(job, error) }, ...last });
}

/** The end of an attempt, and where the attempt was made. */
export interface EndedAttempt {
  readonly attempt: EndAttempt;
  readonly route: RouteRef;
}

/** The end of the attempt under way, with its cost as far as it is known. */
export function endedSo(job: Job, current: Current, end: EndAttempt): EndedAttempt {
  const { cost } = job;
  const lostCalls = Math.max(job.lostCalls, end.lostCalls ?? 0);
  return { attempt: { ...end, cost, lostCalls }, route: current };
}

/** The failure as it is stored and shown, with the id under which it is logged. */
export function failureFrom({ core, generation }: Job, error: GenlockError): GenerationFailure {
  const { code, message } = error;
  const { source, reason } = error.detail;
  const requestId = newId('req_', core.now());
  core.log.error({ generation: generation.id, request: requestId, error: code }, 'generation failed');
  return {
    code,
    message,
    requestId,
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
  };
}

const MAX_RAW = 2_000;

/** The stored end of an attempt that failed with this error. */
export function endOf(n: number, { code, detail }: GenlockError): EndAttempt {
  return {
    n,
    outcome: detail.accepted === 'maybe' ? 'outcome_unknown' : 'failed',
    error: { code, raw: detail.raw?.slice(0, MAX_RAW) ?? null },
    lostCalls: detail.lostCalls,
  };
}

/**
 * The number of calls that were carried out without a usable result and that the operator has to pay. They are listed together with lost
 * calls. Refusals for content do not count: nobody is at fault for those, and callers could fill the list with them.
 */
export function uselessCalls(provider: Provider | undefined, { code, detail }: GenlockError): number {
  const useless = code === 'upstream_invalid_result' && detail.accepted === 'yes';
  return useless && provider?.capabilities.free !== true ? 1 : 0;
}
