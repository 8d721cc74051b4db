import { GenlockError } from '../../domain/error.ts';
import type { Delivered, Provider, ProviderCall } from '../../providers/port.ts';
import { firmly, pause } from '../firmly.ts';
import type { Trial } from '../routes/route-board.ts';
import { firmness } from './end.ts';
import type { Job, StopReason } from './job.ts';

/** Makes the call and follows it to its result. */
export async function submit(
  job: Job,
  provider: Provider,
  call: ProviderCall,
  trial: Trial,
): Promise<Delivered> {
  const reply = await provider.submit(provider.capabilities.cancel ? outlasting(call) : call);
  if (reply.state === 'finished') return reply;
  trial.accepted();
  noteLost(job, provider, reply.lostCalls);
  await keepUpstreamId(job, call.attempt, reply.upstreamId);
  await job.rest(() => pause(reply.pollAfterMs, call.signal));
  return poll(job, provider, call, reply.upstreamId);
}

/** Records that some calls of an attempt made of several were lost and may have to be paid. */
export function noteLost(job: Job, { name, capabilities }: Provider, lostCalls = 0): void {
  if (lostCalls === 0 || capabilities.free === true) return;
  job.lostCalls = lostCalls;
  const fields = { generation: job.generation.id, provider: name, lostCalls };
  job.core.log.warn(fields, 'calls of an attempt were lost');
}

const GRACE_MS = 3_000;

/**
 * A copy of the call that is aborted `GRACE_MS` later. If a job can be canceled, its id is worth waiting for: after an immediate abort
 * nobody could tell whether there is a job to cancel.
 */
function outlasting(call: ProviderCall): ProviderCall {
  const patience = new AbortController();
  const end = (): void => {
    setTimeout(() => patience.abort(call.signal.reason), GRACE_MS).unref();
  };
  if (call.signal.aborted) end();
  else call.signal.addEventListener('abort', end, { once: true });
  return { ...call, signal: patience.signal };
}

/** Polls until the work has ended. A state that is not a known end counts as still running. */
export async function poll(
  job: Job,
  provider: Provider,
  call: ProviderCall,
  upstreamId: string,
): Promise<Delivered> {
  // The provider has accepted the job, so nothing may be ordered elsewhere.
  if (provider.poll === undefined)
    throw new GenlockError('model_misconfigured', undefined, {
      raw: 'provider cannot poll',
      accepted: 'maybe',
    });
  for (let troubles = 0; ; ) {
    const reply = await ask(job, provider.poll(upstreamId, call));
    if (reply?.state === 'finished') return reply;
    if (reply?.state === 'failed') throw reply.error;
    troubles = reply === undefined ? troubles + 1 : 0;
    const waitMs = reply?.pollAfterMs ?? askAgainAfterMs(job, troubles);
    await job.rest(() => pause(waitMs, call.signal));
  }
}

/** Undefined if the provider could not be asked, which says nothing about the job. */
async function ask<Reply>(
  { core, generation, stop }: Job,
  reply: Promise<Reply>,
): Promise<Reply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (stop.signal.aborted) throw error;
    core.log.warn({ generation: generation.id, err: error }, 'provider could not be asked');
    return undefined;
  }
}

function askAgainAfterMs({ core }: Job, troubles: number): number {
  const { baseDelayMs, maxDelayMs } = core.config().retries;
  return Math.min(maxDelayMs, baseDelayMs * 2 ** troubles) * (0.5 + core.random() / 2);
}

/**
 * For a paid call whose fate is unknown: asks the provider, if it can be asked, until it knows. Nothing is sent again.
 *
 * @throws GenlockError `outcome_unknown`: the provider cannot be asked, or does not know until the deadline
 */
export async function lookUp(job: Job, provider: Provider, call: ProviderCall): Promise<Delivered> {
  if (!provider.capabilities.lookup || provider.find === undefined)
    throw unknown('the process died during the call, and its provider cannot be asked what became of it');
  for (let asked = 0; ; asked += 1) {
    const found = await ask(job, provider.find(call)).catch(() => undefined);
    if (found === 'never_arrived')
      throw new GenlockError('upstream_failed', undefined, { raw: 'the call never arrived' });
    if (found !== undefined && found !== 'unknown') {
      await keepUpstreamId(job, call.attempt, found.upstreamId);
      return poll(job, provider, call, found.upstreamId);
    }
    const waitMs = askAgainAfterMs(job, asked);
    await job
      .rest(() => pause(waitMs, call.signal))
      .catch(() => {
        throw unknown('the provider did not say in time what became of the call');
      });
  }
}

function unknown(raw: string): GenlockError {
  return new GenlockError('outcome_unknown', undefined, { accepted: 'maybe', raw });
}

/** Stores the upstream's id. If that fails for a while, the work continues without it, because it was paid for. */
async function keepUpstreamId(job: Job, n: number, upstreamId: string): Promise<void> {
  const { core, generation, worker, stop } = job;
  job.upstreamId = upstreamId;
  const lease = { generationId: generation.id, worker };
  const note = (): Promise<boolean> => core.store.noteUpstreamId(lease, n, upstreamId, job.lostCalls);
  const mine = await firmly(note, firmness(job)).catch(() => true);
  if (mine) return;
  stop.abort('lease_lost' satisfies StopReason);
  stop.signal.throwIfAborted();
}
