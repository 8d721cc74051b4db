import { GenlockError } from '../../domain/error.ts';
import type { ProviderTraits } from '../../domain/retry-decision.ts';

/**
 * The error of a call to a free provider: `accepted: 'maybe'` becomes `'no'`, because nothing may have to be paid and so the operator has
 * nothing to look into.
 */
export function asFree(
  error: GenlockError,
  provider: Pick<ProviderTraits, 'free'> | undefined,
): GenlockError {
  if (provider?.free !== true || error.detail.accepted !== 'maybe') return error;
  return new GenlockError(error.code, error.message, { ...error.detail, accepted: 'no' });
}
