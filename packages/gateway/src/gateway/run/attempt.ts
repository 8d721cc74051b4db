import { GenlockError } from '../../domain/error.ts';
import { formatUsd, isAmount } from '../../domain/money.ts';
import { mayDoElsewhere } from '../../domain/retry-decision.ts';
import type { Delivered, Provider, ProviderCall } from '../../providers/port.ts';
import type { SettleOutcome } from '../../store/port.ts';
import { collect } from '../files/collect.ts';
import { asFree } from '../routes/as-free.ts';
import type { Trial } from '../routes/route-board.ts';
import { afterFailure } from './after-failure.ts';
import { endedSo, endOf, firmness, settleFirmly } from './end.ts';
import { firmly } from './firmly.ts';
import type { Current, Job, StopReason } from './job.ts';
import { failUnderWay, lateError, letGo } from './let-go.ts';
import { callOf } from './provider-call.ts';
import { traitsOf } from './routes.ts';
import { lookUp, noteLost } from './upstream.ts';
import { watchAttempt } from './watch-attempt.ts';

/** A way to the result of a call. */
export type Obtain = (provider: Provider, call: ProviderCall) => Promise<Delivered>;

/** One attempt to its end, whichever way `obtain` takes to its result; then the generation is settled, or postponed. */
export async function attempt(job: Job, current: Current, trial: Trial, obtain: Obtain): Promise<void> {
  const { core, generation, stop } = job;
  const watch = watchAttempt(core, generation, current);
  const startedAt = core.now();
  let outcome: SettleOutcome;
  try {
    job.held = core.providers.hold(current.provider);
    if (job.held === undefined)
      throw new GenlockError('no_route', undefined, { raw: `no provider ${current.provider}` });
    const { provider } = job.held;
    const call = callOf(job, current, watch.calls());
    const delivered = await obtainOrFind(job, current, call, trial, provider, obtain);
    if (isElsewhere(job, current)) throw stop.signal.reason;
    watch.answered();
    noteBill(job, current, provider, delivered);
    const keep = () => collect(core, generation, delivered);
    // What was paid for upstream is not thrown away because a file could not be written at once.
    const collected =
      provider.capabilities.free === true
        ? await keep()
        : await firmly(keep, { ...firmness(job), repeats: isStorageFault });
    outcome = { status: 'succeeded', ...collected };
    trial.succeeded();
    watch.succeeded();
  } catch (thrown) {
    if (stop.signal.reason === 'deadline') {
      const error = lateError(thrown);
      if (hadItsTime(job, startedAt)) trial.failed(error);
      watch.failed(error);
      return failUnderWay(job, current, error);
    }
    if (stop.signal.aborted) {
      watch.stopped(stop.signal.reason);
      return letGo(job, current);
    }
    const failed = GenlockError.from(thrown, 'upstream_failed');
    const error = withLost(job, asFree(failed, job.held?.provider.capabilities));
    trial.failed(error);
    watch.failed(error);
    return afterFailure(job, current, error);
  }
  const end = { n: current.n, outcome: 'succeeded', error: job.shortfall ?? null } as const;
  await settleFirmly(job, { outcome, ...endedSo(job, current, end) });
}

/**
 * Whether what came after the run was stopped is of no use here: others saw to the end of the generation, or will, at no cost. At the
 * deadline, and where the process ends, what was bought until then is delivered: nobody could have it later.
 */
function isElsewhere({ core, generation, stop, upstreamId }: Job, current: Current): boolean {
  if (!stop.signal.aborted) return false;
  const reason: StopReason = stop.signal.reason;
  if (reason === 'draining')
    return upstreamId !== null || traitsOf(core, current, generation.kind).safeToResend;
  return reason !== 'deadline';
}

/** A call of unknown fate is looked for at providers that can be asked, before anything is decided on it. */
async function obtainOrFind(
  job: Job,
  current: Current,
  call: ProviderCall,
  trial: Trial,
  provider: Provider,
  obtain: Obtain,
): Promise<Delivered> {
  try {
    return await obtain(provider, call);
  } catch (thrown) {
    const lost = thrown instanceof GenlockError && thrown.detail.accepted === 'maybe';
    const { lookup } = provider.capabilities;
    const { safeToResend } = traitsOf(job.core, current, job.generation.kind);
    if (!lost || !lookup || safeToResend || job.stop.signal.aborted) throw thrown;
    trial.failed(thrown);
    return lookUp(job, provider, call);
  }
}

/** What is delivered by some calls, and what others of the same work may cost beside it. */
function noteBill(job: Job, { n }: Current, provider: Provider, delivered: Delivered): void {
  const { core, generation } = job;
  const { cost, lostCalls, lostFiles = [] } = delivered;
  const fields = { generation: generation.id, attempt: n, provider: provider.name };
  noteLost(job, provider, lostCalls);
  const [first] = lostFiles;
  if (first !== undefined) {
    noteLost(job, provider, job.lostCalls + lostFiles.length);
    job.shortfall = endOf(n, first).error;
  }
  if (cost === undefined) return;
  if (isAmount(cost)) {
    job.cost = cost;
    core.log.info({ ...fields, costUsd: formatUsd(cost) }, 'provider told its cost');
    // Written all the same, it would keep the work from being settled.
  } else core.log.warn({ ...fields, cost }, 'provider told a cost that is no amount');
}

/** Where some calls of an attempt were lost, what failed of the others must not be made again: it might be bought twice. */
function withLost({ lostCalls }: Job, error: GenlockError): GenlockError {
  const { code, message, detail } = error;
  if (lostCalls === 0 || !mayDoElsewhere(code)) return error;
  return new GenlockError(code, message, { ...detail, accepted: 'maybe' });
}

/** A provider is not to blame for a deadline that came soon because the work had waited elsewhere. */
function hadItsTime({ core, generation }: Job, startedAt: number): boolean {
  return core.now() - startedAt >= (generation.deadlineAt - generation.createdAt) / 2;
}

function isStorageFault(error: unknown): boolean {
  return error instanceof GenlockError && error.code === 'storage_unavailable';
}
