import { GenlockError } from '../../domain/error.ts';
import type { Delivered, PollReply, Provider, ProviderCall } from '../../providers/port.ts';
import { pause } from '../firmly.ts';
import type { Trial } from '../route-board.ts';
import type { Job, StopReason } from './job.ts';

/** Sends the call and stays with it until its result is there. */
export async function submit(
  job: Job,
  provider: Provider,
  call: ProviderCall,
  trial: Trial,
): Promise<Delivered> {
  const reply = await provider.submit(call);
  if (reply.state === 'finished') return reply;
  trial.accepted();
  await keepUpstreamId(job, call.attempt, reply.upstreamId);
  await pause(reply.pollAfterMs, call.signal);
  return poll(job, provider, call, reply.upstreamId);
}

export async function poll(
  job: Job,
  provider: Provider,
  call: ProviderCall,
  upstreamId: string,
): Promise<Delivered> {
  if (provider.poll === undefined)
    throw new GenlockError('model_misconfigured', undefined, { raw: 'provider cannot poll' });
  try {
    for (let troubles = 0; ; ) {
      const reply = await ask(job, provider.poll(upstreamId, call));
      if (reply?.state === 'finished') return reply;
      if (reply?.state === 'failed') throw reply.error;
      troubles = reply === undefined ? troubles + 1 : 0;
      await pause(reply?.pollAfterMs ?? askAgainAfterMs(job, troubles), call.signal);
    }
  } catch (error) {
    const unwanted = job.stop.signal.reason === 'canceled' || job.stop.signal.reason === 'deadline';
    if (unwanted && provider.capabilities.cancel) await provider.cancel?.(upstreamId).catch(() => {});
    throw error;
  }
}

/** Undefined where it could not be asked: that says nothing about the job. */
async function ask(
  { core, generation, stop }: Job,
  reply: Promise<PollReply>,
): Promise<PollReply | undefined> {
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

/** A paid call whose fate is unknown: the provider is asked, if it can be, and nothing is ever sent twice. */
export async function lookUp(job: Job, provider: Provider, call: ProviderCall): Promise<Delivered> {
  const found = (await provider.find?.(call)) ?? 'unknown';
  if (found === 'unknown') throw new GenlockError('outcome_unknown', undefined, { accepted: 'maybe' });
  if (found === 'never_arrived')
    throw new GenlockError('upstream_failed', undefined, { raw: 'the call never arrived' });
  await keepUpstreamId(job, call.attempt, found.upstreamId);
  return poll(job, provider, call, found.upstreamId);
}

async function keepUpstreamId(
  { core, generation, worker, stop }: Job,
  n: number,
  upstreamId: string,
): Promise<void> {
  const mine = await core.store.noteUpstreamId({ generationId: generation.id, worker }, n, upstreamId);
  if (mine) return;
  stop.abort('lease_lost' satisfies StopReason);
  stop.signal.throwIfAborted();
}
