import { GenlockError } from '../../domain/error.ts';
import { COUNTED_IN } from '../../domain/pricing.ts';
import type { ModelChanges } from '../../store/port.ts';
import type { Core } from '../core.ts';
import type { Model } from './model.ts';

/**
 * Changes a model for all requests from now on, and after a restart too.
 *
 * @throws GenlockError `model_not_found`, `invalid_parameter` (a route to a provider that is not configured, or whose cost bounds nothing)
 */
export async function changeModel(
  core: Core,
  dialect: string,
  id: string,
  changes: ModelChanges,
): Promise<Model> {
  const { kind } = findModel(core, dialect, id);
  const units = COUNTED_IN[kind];
  for (const [index, { provider, cost }] of (changes.routes ?? []).entries()) {
    if (!core.providers.has(provider))
      throw new GenlockError('invalid_parameter', `There is no provider ${JSON.stringify(provider)}.`, {
        param: `routes[${index}].provider`,
      });
    if (cost !== undefined && !units.includes(cost.unit))
      throw new GenlockError(
        'invalid_parameter',
        `The work of the model is counted by ${units.join(', ')}.`,
        {
          param: `routes[${index}].cost.unit`,
        },
      );
  }
  return change(core, dialect, id, changes);
}

/** Takes every change back that was made at run time. @throws GenlockError `model_not_found` */
export async function resetModel(core: Core, dialect: string, id: string): Promise<Model> {
  findModel(core, dialect, id);
  return change(core, dialect, id, null);
}

/** Kept first, in force after: what a restart would take back must not have been in force. */
async function change(core: Core, dialect: string, id: string, changes: ModelChanges | null): Promise<Model> {
  const patch = await core.store.changeModelOverride(dialect, id, changes);
  core.models.override(dialect, id, patch);
  return findModel(core, dialect, id);
}

function findModel(core: Core, dialect: string, id: string): Model {
  const model = core.models.find(dialect, id);
  if (model === undefined) throw new GenlockError('model_not_found');
  return model;
}
