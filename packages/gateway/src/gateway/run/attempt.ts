import { GenlockError } from '../../domain/error.ts';
import type { Delivered, Provider, ProviderCall } from '../../providers/port.ts';
import type { SettleOutcome } from '../../store/port.ts';
import { collect } from '../collect.ts';
import { firmly } from '../firmly.ts';
import { afterFailure } from './after-failure.ts';
import { fail, firmness, settleFirmly } from './end.ts';
import type { Current, Job } from './job.ts';
import { callOf } from './provider-call.ts';

/** One attempt to its end, whichever way `obtain` takes to its result; then the generation is settled, or postponed. */
export async function attempt(
  job: Job,
  current: Current,
  obtain: (provider: Provider, call: ProviderCall) => Promise<Delivered>,
): Promise<void> {
  const { core, generation, stop } = job;
  let outcome: SettleOutcome;
  try {
    const provider = core.providers.get(current.provider);
    if (provider === undefined)
      throw new GenlockError('no_route', undefined, { raw: `no provider ${current.provider}` });
    const delivered = await obtain(provider, callOf(job, current));
    const keep = () => collect(core, generation, delivered);
    // What was paid for upstream is not thrown away because a file could not be written at once.
    const collected = provider.capabilities.safeToResend
      ? await keep()
      : await firmly(keep, { ...firmness(job), repeats: isStorageFault });
    outcome = { status: 'succeeded', ...collected };
  } catch (thrown) {
    if (stop.signal.reason === 'deadline') {
      return fail(job, new GenlockError('upstream_timeout', undefined, { raw: String(thrown) }), current.n);
    }
    if (stop.signal.aborted) return;
    return afterFailure(job, current, GenlockError.from(thrown, 'upstream_failed'));
  }
  await settleFirmly(job, { outcome, attempt: { n: current.n, outcome: 'succeeded', error: null } });
}

function isStorageFault(error: unknown): boolean {
  return error instanceof GenlockError && error.code === 'storage_unavailable';
}
