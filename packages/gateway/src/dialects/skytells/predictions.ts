import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwnGeneration } from '../../gateway/accounts/own.ts';
import { about } from '../../gateway/call-context.ts';
import type { Core } from '../../gateway/core.ts';
import { assetsOf } from '../../gateway/files/with-assets.ts';
import { SERVING_FAILURES } from './errors.ts';
import { NAME } from './links.ts';
import { predictionObject } from './prediction-object.ts';

/**
 * A prediction of the caller's account and mode. Unknown, deleted and other accounts' predictions are answered in the same way, so that ids
 * cannot be probed (contract section 9.3). Chats are not predictions.
 *
 * @throws GenlockError `parameter_missing`, `access_denied`
 */
export async function ownPrediction(core: Core, caller: Caller, id: string): Promise<Generation> {
  if (id.trim() === '')
    throw new GenlockError('parameter_missing', 'The id of a prediction is required.', {
      reason: 'prediction_id',
    });
  const generation = await core.store.generation(id);
  if (!isOwnGeneration(caller, NAME, generation) || generation.inline)
    throw new GenlockError('access_denied', 'You cannot see this prediction.');
  return about(caller, generation);
}

/**
 * The other way in which a job can fail (section 9.3, rule 3). @throws GenlockError the job's error, if the provider behind the model
 * failed
 */
export function assertServed({ failure }: Generation): void {
  if (failure !== null && SERVING_FAILURES.includes(failure.code))
    throw new GenlockError(failure.code, failure.message);
}

export async function view(core: Core, generation: Generation): Promise<object> {
  return predictionObject(core, { generation, assets: await assetsOf(core, generation) });
}
