import { GenlockError } from '../../domain/error.ts';
import type { EndAttempt } from '../../store/port.ts';
import { endOf } from '../run/end.ts';
import type { InlineCall } from './call.ts';

/**
 * How an attempt ends whose caller left. What he read until then is charged. Where he had read nothing he pays nothing, but the
 * provider may want its money for the input: then nobody knows its fate, and the operator is to see it.
 *
 * @param thrown what the call broke off with; undefined where it was left between two events
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
    'an attempt may have to be paid that brought nothing',
  );
  return endOf(attempt, unknown);
}
