import { GenlockError } from '../domain/error.ts';
import type { Core } from '../gateway/core.ts';

/** The message lists the dialects that exist. */
export function noSuchDialect({ dialects }: Pick<Core, 'dialects'>): GenlockError {
  const names = [...dialects.keys()].toSorted().join(', ');
  return new GenlockError('invalid_parameter', `There is no such dialect; there are ${names}.`, {
    param: 'dialect',
  });
}
