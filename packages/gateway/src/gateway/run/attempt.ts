import { GenlockError } from '../../domain/error.ts';
import { formatUsd, isAmount } from '../../domain/money.ts';
import { mayDoElsewhere } from '../../domain/retry-decision.ts';
import type { Delivered, Provider, ProviderCall } from '../../providers/port.ts';
import type { SettleOutcome } from '../../store/port.ts';
import { collect } from '../files/collect.ts';
import { firmly } from '../firmly.ts';
import { asFree } from '../routes/as-free.ts';
import type { Trial } from '../routes/route-board.ts';
import { afterFailure } from './after-failure.ts';
import { breakOff, neverArrived } from './break-off.ts';
import { endedSo, endOf, firmness, settleFirmly, uselessCalls } from './end.ts';
import type { Current, Job, StopReason } from './job.ts';
import { failUnderWay, lateError, letGo } from './let-go.ts';
import { callOf } from './provider-call.ts';
import { traitsOf } from './routes.ts';
import { lookUp, noteLost } from './upstream.ts';
import { watchAttempt } from './watch-attempt.ts';

/** A way to get the result of an attempt: make the call, poll its job, or look it up. */
export type Obtain = (provider: Provider, call: ProviderCall) => Promise<Delivered>;

/** Takes one attempt to its end, with `obtain` as the way to its result. Then the generation is settled or postponed. */
export async function attempt(job: Job, current: Current, trial: Trial, obtain: Obtain): Promise<void> {
  const { core, generation, stop } = job;
  const watch = watchAttempt(core, generation, current);
  const startedAt = core.now();
  let outcome: SettleOutcome;
  let obtained = false;
  try {
    job.held = core.providers.hold(current.provider);
    if (job.held === undefined)
      throw new GenlockError('no_route', undefined, { raw: `no provider ${current.provider}` });
    const { provider } = job.held;
    const call = callOf(job, current, watch.calls());
    const delivered = await obtainOrFind(job, current, call, trial, provider, obtain);
    obtained = true;
    if (mustDropResult(job, current)) throw stop.signal.reason;
    watch.answered();
    noteBill(job, current, provider, delivered);
    const keep = () => collect(core, generation, delivered);
    // A paid result is not thrown away because a file could not be written at once.
    const { spoilt, ...collected } =
      provider.capabilities.free === true
        ? await keep()
        : await firmly(keep, { ...firmness(job), repeats: isStorageFault });
    noteMissing(job, current, provider, spoilt);
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
    const isEnding = stop.signal.reason === 'draining' || (job.brokenOff && !stop.signal.aborted);
    if (isEnding && !obtained && neverArrived(job, thrown))
      return watch.failed(await breakOff(job, current, 'no'));
    if (stop.signal.aborted) {
      watch.stopped(stop.signal.reason);
      return letGo(job, current);
    }
    const failed = GenlockError.from(thrown, 'upstream_failed');
    const error = withLost(job, asFree(failed, job.held?.provider.capabilities));
    trial.failed(error);
    watch.failed(error);
    job.lostCalls += uselessCalls(job.held?.provider, error);
    return afterFailure(job, current, error);
  }
  const end = { n: current.n, outcome: 'succeeded', error: job.shortfall ?? null } as const;
  await settleFirmly(job, { outcome, ...endedSo(job, current, end) });
}

/**
 * Whether a result that comes after the run was stopped has to be dropped here, because the generation has been ended elsewhere, or will be
 * carried on at no further cost. At the deadline, and in a process that ends, such a result is still delivered, because nobody could get it
 * later.
 */
function mustDropResult({ core, generation, stop, upstreamId }: Job, current: Current): boolean {
  if (!stop.signal.aborted) return false;
  const reason: StopReason = stop.signal.reason;
  if (reason === 'draining')
    return upstreamId !== null || traitsOf(core, current, generation.kind).safeToResend;
  return reason !== 'deadline';
}

/** If the fate of a call is unknown and the provider can be asked, it is asked before anything else is decided. */
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

/** Records the provider's cost, and which calls of a delivery in several parts were lost and may have to be paid as well. */
function noteBill(job: Job, current: Current, provider: Provider, delivered: Delivered): void {
  const { core, generation } = job;
  const { cost, lostCalls, lostFiles = [] } = delivered;
  const fields = { generation: generation.id, attempt: current.n, provider: provider.name };
  noteLost(job, provider, lostCalls);
  noteMissing(job, current, provider, lostFiles);
  if (cost === undefined) return;
  if (isAmount(cost)) {
    job.cost = cost;
    core.log.info({ ...fields, costUsd: formatUsd(cost) }, 'provider reported its cost');
    // Not stored, because it would prevent settling.
  } else core.log.warn({ ...fields, cost }, 'provider reported an invalid cost');
}

/** Records the files that were made and cannot be delivered, beside others that can. */
function noteMissing(job: Job, { n }: Current, provider: Provider, files: readonly GenlockError[]): void {
  const [first] = files;
  if (first === undefined) return;
  noteLost(job, provider, job.lostCalls + files.length);
  job.shortfall ??= endOf(n, first).error;
}

/** If some calls of an attempt were lost, those of its calls that failed must not be repeated: the work might be bought twice. */
function withLost({ lostCalls }: Job, error: GenlockError): GenlockError {
  const { code, message, detail } = error;
  if (lostCalls === 0 || !mayDoElsewhere(code)) return error;
  return new GenlockError(code, message, { ...detail, accepted: 'maybe' });
}

/**
 * Whether the attempt had at least half of the time until the deadline. A provider is not to blame if the work had spent that time
 * elsewhere.
 */
function hadItsTime({ core, generation }: Job, startedAt: number): boolean {
  return core.now() - startedAt >= (generation.deadlineAt - generation.createdAt) / 2;
}

function isStorageFault(error: unknown): boolean {
  return error instanceof GenlockError && error.code === 'storage_unavailable';
}
