import { GenlockError } from '../../domain/error.ts';
import { COUNTED_IN } from '../../domain/pricing.ts';
import type { ModelChanges, ModelPatch, Route } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { warnLostRoutes } from '../routes/warn-lost-routes.ts';
import type { Model } from './model.ts';

/**
 * Changes a model for all later requests, also after a restart.
 *
 * @param knows whether the caller knows the routes that it is about to replace; checked together with the change, so that no other change
 * comes between
 * @throws GenlockError `model_not_found`, `invalid_parameter` (a route to a provider that is not configured, or a route cost that bounds
 * nothing), `invalid_state` (the caller does not know the present routes)
 */
export async function changeModel(
  core: Core,
  dialect: string,
  id: string,
  changes: ModelChanges,
  knows?: (routes: readonly Route[]) => boolean,
): Promise<Model> {
  const { kind, routes } = findModel(core, dialect, id);
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
  if (knows === undefined) return change(core, dialect, id, changes);
  if (!knows(routes)) throw changedMeanwhile();
  return change(core, dialect, id, changes, core.models.overrideOf(dialect, id));
}

/** Takes back every change that was made at run time. @throws GenlockError `model_not_found` */
export async function resetModel(core: Core, dialect: string, id: string): Promise<Model> {
  findModel(core, dialect, id);
  return change(core, dialect, id, null);
}

/** Stores the change before it takes effect: otherwise a restart could undo a change that had already been in effect. */
async function change(
  core: Core,
  dialect: string,
  id: string,
  changes: ModelChanges | null,
  onlyIf?: Pick<ModelPatch, 'routes'>,
): Promise<Model> {
  const patch = await core.store.changeModelOverride(dialect, id, changes, onlyIf);
  if (patch === undefined) {
    // Another process was first. Its change is taken over here, so that the caller sees it when it reads the model again.
    if (core.models.replaceOverrides(await core.store.modelOverrides())) warnLostRoutes(core);
    throw changedMeanwhile();
  }
  core.models.override(dialect, id, patch);
  return findModel(core, dialect, id);
}

function changedMeanwhile(): GenlockError {
  return new GenlockError('invalid_state', 'The routes of the model have changed since. Read them again.');
}

function findModel(core: Core, dialect: string, id: string): Model {
  const model = core.models.find(dialect, id);
  if (model === undefined) throw new GenlockError('model_not_found');
  return model;
}
