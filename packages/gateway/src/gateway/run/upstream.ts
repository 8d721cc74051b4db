import { GenlockError } from '../../domain/error.ts';
import type { Delivered, Provider, ProviderCall } from '../../providers/port.ts';
import type { Trial } from '../routes/route-board.ts';
import { firmness } from './end.ts';
import { firmly, pause } from './firmly.ts';
import type { Job, StopReason } from './job.ts';

/** Sends the call and stays with it until its result is there. */
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

/** Some calls of an attempt that is made of several were lost, and may have to be paid. */
export function noteLost(job: Job, { name, capabilities }: Provider, lostCalls = 0): void {
  if (lostCalls === 0 || capabilities.free === true) return;
  job.lostCalls = lostCalls;
  const fields = { generation: job.generation.id, provider: name, lostCalls };
  job.core.log.warn(fields, 'calls of an attempt were lost');
}

const GRACE_MS = 3_000;

/**
 * The call, given up a little later: where a job can be canceled it is worth to hear what it is called. Cut off at once, nobody could
 * tell whether there is one.
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

/** Asks until the work has ended. What is no end that we know means that it goes on. */
export async function poll(
  job: Job,
  provider: Provider,
  call: ProviderCall,
  upstreamId: string,
): Promise<Delivered> {
  // It took the job on, so that nothing may be ordered elsewhere.
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

/** Undefined where it could not be asked: that says nothing about the job. */
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
 * A paid call whose fate is unknown: a provider that can be asked is asked until it knows, and nothing is ever sent twice.
 *
 * @throws GenlockError `outcome_unknown`: it cannot be asked, or does not know until the deadline
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

/** Where it cannot be written for a while the work goes on without: it was paid for. */
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
