import { GenlockError } from '../../domain/error.ts';
import type { ProviderTraits } from '../../domain/retry-decision.ts';

/** What a call failed with that nobody has to pay, if it is one: whatever became of it, nothing is left open for the operator to look at. */
export function asFree(
  error: GenlockError,
  provider: Pick<ProviderTraits, 'free'> | undefined,
): GenlockError {
  if (provider?.free !== true || error.detail.accepted !== 'maybe') return error;
  return new GenlockError(error.code, error.message, { ...error.detail, accepted: 'no' });
}
