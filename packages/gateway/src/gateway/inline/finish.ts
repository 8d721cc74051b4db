import type { EndAttempt, SettleOutcome } from '../../store/port.ts';
import { firmly } from '../firmly.ts';
import { settle } from '../settle.ts';
import type { InlineCall } from './call.ts';
import { keepInlineLease } from './leases.ts';

/** With this many tries, a failing store delays the caller by no more than a few tenths of a second. */
const TRIES_BEFORE_ANSWER = 3;

/**
 * Settles. If the store keeps failing, it goes on trying after the caller was answered. If the store stays away, the lease runs out and the
 * next claim fails the generation.
 */
export async function finish(
  { core, generation, taken }: InlineCall,
  outcome: SettleOutcome,
  attempt: EndAttempt,
): Promise<void> {
  const settled = (): Promise<unknown> =>
    settle(core, { generation, worker: core.instance, outcome, attempt, route: taken.route });
  const options = { log: core.log, generationId: generation.id };
  try {
    await firmly(settled, { ...options, tries: TRIES_BEFORE_ANSWER });
  } catch {
    const release = keepInlineLease(core, generation.id);
    firmly(settled, options)
      .catch((error) => core.log.error({ generation: generation.id, err: error }, 'inline call not settled'))
      .finally(release);
  }
}
