import { GenlockError } from '../../domain/error.ts';
import type { EndAttempt } from '../../store/port.ts';
import { endOf } from '../run/end.ts';
import type { InlineCall } from './call.ts';

/**
 * How to end an attempt whose caller left. The caller pays for what it had received. If that is nothing, the caller pays nothing, but the
 * provider may charge for the input. The attempt is then marked as `outcome_unknown`, so that the operator sees it.
 *
 * @param thrown the error with which the call broke off; undefined if the caller left between two events
 */
export function endLeft(call: InlineCall, thrown: GenlockError | undefined): EndAttempt {
  const { core, generation, attempt, taken, held, usage, watch } = call;
  const free = held?.provider.capabilities.free === true;
  const mayCost = thrown === undefined ? !free : thrown.detail.accepted === 'maybe';
  if ((usage.outputTokens ?? 0) > 0 || !mayCost) {
    watch?.stopped('canceled');
    return { n: attempt, outcome: 'canceled', error: null };
  }
  const said = thrown?.detail.raw;
  const raw = `its caller left before the first word${said === undefined ? '' : `: ${said}`}`;
  const unknown = new GenlockError('outcome_unknown', undefined, { raw, accepted: 'maybe' });
  watch?.failed(unknown);
  const fields = { generation: generation.id, attempt, provider: taken.route.provider };
  core.log.warn(
    { ...fields, outcome: 'outcome_unknown' },
    'an attempt that brought nothing may have to be paid',
  );
  return endOf(attempt, unknown);
}
