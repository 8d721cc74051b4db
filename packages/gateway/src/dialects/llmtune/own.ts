import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwnGeneration } from '../../gateway/accounts/own.ts';
import { about } from '../../gateway/call-context.ts';
import type { Core } from '../../gateway/core.ts';
import { NAME } from './links.ts';

/**
 * A batch or training job of the caller's workspace and mode. Any other counts as not found (contract sections 7 and 10).
 *
 * @throws GenlockError `not_found`, with the kind of object as its reason
 */
export async function ownGeneration(
  core: Core,
  caller: Caller,
  id: string,
  kind: 'batch' | 'training',
): Promise<Generation> {
  const generation = await core.store.generation(id);
  if (!isOwnGeneration(caller, NAME, generation) || generation.kind !== kind) {
    const what = kind === 'batch' ? 'batch' : 'job';
    throw new GenlockError('not_found', `There is no such ${what}.`, { reason: what });
  }
  return about(caller, generation);
}
